# The image of every service: web, worker, beat, relay and the one-shot migration. It runs from the tree,
# since a wheel would lack templates and static files.

FROM python:3.12-slim AS packages
WORKDIR /build
COPY requirements/bootstrap.lock requirements/base.lock requirements/
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.lock
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1
RUN /opt/tools/bin/uv venv --python "$(command -v python)" /opt/brygga \
    && /opt/tools/bin/uv pip sync --python /opt/brygga/bin/python --require-hashes requirements/base.lock

FROM node:22-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY script/assets script/assets.mjs script/
RUN mkdir -p static && sh script/assets

FROM python:3.12-slim
RUN groupadd --system --gid 10001 brygga \
    && useradd --system --uid 10001 --gid brygga --home-dir /srv/brygga --no-create-home --shell /usr/sbin/nologin brygga \
    && install --directory --owner=brygga --group=brygga --mode=700 /var/lib/brygga/files
WORKDIR /srv/brygga
COPY --from=packages /opt/brygga /opt/brygga
COPY . .
COPY --from=assets /build/static/vendor static/vendor
ENV PATH=/opt/brygga/bin:$PATH \
    PYTHONPATH=/srv/brygga:/srv/brygga/platform \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=brygga.settings.prod
# The values below satisfy the settings while files are collected; none of them is in the image afterwards.
RUN python -m brygga.devservices.messages --strict \
    && env BRYGGA_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        BRYGGA_ALLOWED_HOSTS=build.invalid BRYGGA_SITE_ADDRESS=https://build.invalid \
        BRYGGA_TRUSTED_PROXY_COUNT=1 BRYGGA_EMAIL_HOST=build.invalid BRYGGA_FROM_EMAIL=build@build.invalid \
        BRYGGA_CONTACT_EMAIL=build@build.invalid BRYGGA_PRIVATE_FILES=/var/lib/brygga/files DATABASE_URL=postgres://build.invalid/build \
        REDIS_URL=redis://build.invalid/0 \
        python manage.py collectstatic --noinput --verbosity 0
USER brygga
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-m", "brygga.devservices.probe"]
CMD ["gunicorn", "brygga.wsgi:application", "--bind=0.0.0.0:8000", "--threads=4", "--worker-tmp-dir=/dev/shm", "--timeout=60", "--max-requests=2000", "--max-requests-jitter=200"]
