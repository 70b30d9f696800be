"""Matching itself: arrays in, arrays out.

Needs numpy, scipy and `brygga.language` only. It knows no rows, no requests and no clock: whoever
calls it turns rows into facts (`facts`), facts into arrays (`arrays`), and stores what comes back.
The order to read in: `facts`, `arrays`, `eligibility`, `text`, `criteria`, `combine`, `analysis`,
`scoring`, `fitting`, `topk`, `explain`, `reasons`. The prose is in docs/algorithms/matching.md.
"""
