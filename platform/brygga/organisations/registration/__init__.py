"""How a profile (initiative or support offer) is registered, changed, published and found.

Both apps above declare their questions and hand them to the same services, forms and views:

- `questions`: what is asked, in which groups, and what publishing needs
- `masking`: contact details found in free texts are hidden, the original kept apart
- `words`: names and words that people write become taxonomy codes, or are kept as words
- `services`: one change, one step of state, both safe against a second person at the same time
- `kept_texts`: what cannot be saved yet, or comes from somebody signed out, stands in the form when they come back
- `saving`: one answer is stored unless the same answer was changed meanwhile; then both are shown
- `forms`, `views`: one question a page, the task list, check your answers
- `autosave_views`: what `static/js/autosave.js` is told while somebody writes; what is public waits for the button
- `reading`: advice on how a text reads; `documents`: all questions as a file, with the answers so far
- `catalogue`: search, filters with counts, chips and paging
"""
