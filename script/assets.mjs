// Copies from node_modules to static/vendor/ the few files a page asks for, with their licences.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const TARGET = "static/vendor/";

const FILES = {
  "@digdir/designsystemet-css/dist/src/index.css": "designsystemet/designsystemet.css",
  "@digdir/designsystemet-css/LICENSE": "designsystemet/LICENSE",
  "@digdir/designsystemet-web/dist/umd/index.js": "designsystemet/designsystemet.js",
  "@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2": "inter/inter-latin.woff2",
  "@fontsource-variable/inter/files/inter-latin-ext-opsz-normal.woff2": "inter/inter-latin-ext.woff2",
  "@fontsource-variable/inter/LICENSE": "inter/LICENSE",
};

// Names a file that is not copied, which hashed static files would refuse.
const SOURCE_MAP = /^(\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=.* \*\/)$/gm;

rmSync(TARGET, { recursive: true, force: true });
for (const [source, target] of Object.entries(FILES)) {
  const to = TARGET + target;
  mkdirSync(dirname(to), { recursive: true });
  if (/\.(js|css)$/.test(target)) {
    writeFileSync(to, readFileSync("node_modules/" + source, "utf8").replace(SOURCE_MAP, ""));
  } else {
    cpSync("node_modules/" + source, to);
  }
}
