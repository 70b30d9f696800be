"""What others would use for a part of the matching: the best by text alone, and nothing else.

Timed on a sample of initiatives and reckoned up to all of them; one processor, one thread. None stands for
what is not installed (`script/benchmark` installs all of it).
"""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

KEPT = 50
#: Queries asked of PostgreSQL: each reads thousands of rows.
QUERIES = 40
#: Words of an initiative that PostgreSQL is asked for.
TERMS = 20


def text_peers(mine: sparse.csr_array, theirs: sparse.csr_array, n: int) -> dict[str, float | None]:
    """Time libraries on weighted terms.

    Parameters
    ----------
    mine : csr_array of shape (n_sample, n_terms)
        The sample's unit rows.
    theirs : csr_array of shape (n_offers, n_terms)
    n
        How many initiatives there are in all.

    Returns
    -------
    dict
        Name -> seconds for all initiatives.
    """
    factor = n / mine.shape[0]
    kept = min(KEPT, theirs.shape[0])
    generator = np.random.default_rng(0)
    left = generator.standard_normal((mine.shape[0], 256), dtype=np.float32)
    right = generator.standard_normal((theirs.shape[0], 256), dtype=np.float32)

    def best(scores: Any) -> None:
        np.argpartition(scores, -kept, axis=1)

    ways: dict[str, Callable[[slice], None] | None] = {
        "dense_256": lambda part: best(left[part] @ right.T),
        "scipy_sparse": lambda part: best((mine[part] @ theirs.T).toarray()),
        "sparse_dot_topn": _sparse_dot_topn(mine, theirs),
        "scikit_learn": _scikit_learn(mine, theirs, best),
    }
    return {
        name: None if way is None else _seconds(way, mine.shape[0]) * factor for name, way in ways.items()
    }


def _seconds(way: Callable[[slice], None], rows: int) -> float:
    started = time.perf_counter()
    for first in range(0, rows, 256):
        way(slice(first, first + 256))
    return time.perf_counter() - started


def _sparse_dot_topn(mine: sparse.csr_array, theirs: sparse.csr_array) -> Callable[[slice], None] | None:
    if importlib.util.find_spec("sparse_dot_topn") is None:
        return None
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415 - only where it is installed

    left, right = sparse.csr_matrix(mine), sparse.csr_matrix(theirs.T)

    def way(part: slice) -> None:
        sp_matmul_topn(left[part], right, top_n=KEPT, sort=True)

    return way


def _scikit_learn(
    mine: sparse.csr_array, theirs: sparse.csr_array, best: Callable[[Any], None]
) -> Callable[[slice], None] | None:
    if importlib.util.find_spec("sklearn") is None:
        return None
    from sklearn.metrics.pairwise import cosine_similarity  # noqa: PLC0415 - only where it is installed

    left, right = sparse.csr_matrix(mine), sparse.csr_matrix(theirs)
    return lambda part: best(cosine_similarity(left[part], right))


def full_text_search(connection: Any, n: int) -> dict[str, float]:
    """Time PostgreSQL's own full-text search with rank on the offers of a database; seconds for `n` queries.

    Each initiative of a sample asks for its first `TERMS` words, any of them, and for the best 50 by
    `ts_rank`; in the temporary table the words are prepared and indexed already. One backend.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE peer AS SELECT id,"
            " to_tsvector('swedish', concat_ws(' ', title, description)) AS words"
            " FROM funders_supportoffer WHERE state = 'published'"
        )
        cursor.execute("CREATE INDEX ON peer USING gin (words)")
        cursor.execute("ANALYZE peer")
        cursor.execute("SELECT id FROM innovators_initiative WHERE state = 'published'")
        keys = [key for (key,) in cursor.fetchall()]
        chosen = random.Random(0).sample(keys, min(QUERIES, len(keys)))
        cursor.execute(
            "SELECT array_to_string((tsvector_to_array(to_tsvector('swedish',"
            " concat_ws(' ', title, change, description))))[:%s], ' | ')"
            " FROM innovators_initiative WHERE id = ANY(%s)",
            [TERMS, chosen],
        )
        questions = [question for (question,) in cursor.fetchall() if question]
        started = time.perf_counter()
        for question in questions:
            cursor.execute(
                "SELECT id FROM peer, to_tsquery('simple', %s) AS asked WHERE words @@ asked"
                " ORDER BY ts_rank(words, asked) DESC LIMIT %s",
                [question, KEPT],
            )
            cursor.fetchall()
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE peer")
    return {"postgresql_ts_rank": seconds * n / max(1, len(questions))}
