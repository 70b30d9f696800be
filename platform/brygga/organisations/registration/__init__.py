"""How a profile (initiative or support offer) is registered, changed, published and found.

Both apps above declare their questions and hand them to the same services, forms and views:

- `questions`: what is asked, in which groups, and what publishing needs
- `masking`: contact details found in free texts are hidden, the original kept apart
- `words`: names and words that people write become taxonomy codes, or are kept as words
- `services`: one change, one step of state, both safe against a second person at the same time
- `kept_texts`: what a signed-out person has typed survives signing in
- `forms`, `views`: one question a page, the task list, check your answers
- `catalogue`: search, filters with counts, chips and paging
"""
