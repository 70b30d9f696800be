"""What beat asks for, and when. Times of day are those of Stockholm."""

from __future__ import annotations

import os
from typing import Any

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "worker-heartbeat": {"task": "pages.heartbeat", "schedule": 30.0},
    "matching-tend": {
        "task": "matching.tend",
        "schedule": float(os.environ.get("BRYGGA_MATCHING_TEND_SECONDS", "15")),
    },
    # Counts again only when something has changed or they are old.
    "matching-public-counts": {"task": "matching.renew_public_counts", "schedule": 15.0},
    "outbox-forget-done": {"task": "outbox.forget_done", "schedule": crontab(hour=3, minute=40)},
    # After an upgrade that knows other words; else it finds nothing to do.
    "organisations-reread-texts": {"task": "organisations.reread_texts", "schedule": crontab(minute=5)},
    # Drafts that visitors saved and never came back to.
    "innovators-forget-kept-drafts": {
        "task": "innovators.forget_kept_drafts",
        "schedule": crontab(minute=25),
    },
    # What was taken away and can no longer be brought back.
    "innovators-forget-removed-records": {
        "task": "innovators.forget_removed_records",
        "schedule": crontab(hour=3, minute=50),
    },
    # In the morning: is what it says still right, after a year?
    "innovators-ask-if-true": {"task": "innovators.ask_if_true", "schedule": crontab(hour=7, minute=25)},
    # People are told in the morning; what is asked for more often picks up where something stopped.
    "search-tell": {"task": "search.tell_all_due", "schedule": 300.0},
    "notifications-tips": {"task": "notifications.tell_all_due", "schedule": 300.0},
    "notifications-newsletter": {"task": "notifications.send_newsletter", "schedule": 300.0},
    "notifications-forget-unconfirmed": {
        "task": "notifications.forget_unconfirmed",
        "schedule": crontab(minute=35),
    },
    "search-forget-deleted": {"task": "search.forget_deleted", "schedule": crontab(hour=3, minute=50)},
    # What has opened or closed with the new day, and words that were new to the analysis.
    "matching-run": {"task": "matching.request_run", "schedule": crontab(hour=2, minute=10)},
    # In the morning: the day to answer is near, or has passed.
    "matching-answer-days": {"task": "matching.keep_answer_days", "schedule": crontab(hour=7, minute=5)},
    # Tables that givers took cases in from, a day after they came.
    "matching-forget-tables": {"task": "matching.forget_tables", "schedule": crontab(minute=45)},
    # In the morning: the last day has passed for those who meant to apply elsewhere.
    "matching-how-it-went": {"task": "matching.ask_how_it_went", "schedule": crontab(hour=7, minute=15)},
    # After the nightly run, on its numbers.
    "matching-learn": {"task": "matching.learn", "schedule": crontab(hour=4, minute=20)},
}
