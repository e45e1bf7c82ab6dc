"""Data leakage: what rows each value holds, what has looked at them, and which of them a model is judged on.

The statements of a module are followed in order, with calls of its own functions opened up where they are made.

| module | what it knows |
|---|---|
| libraries | which calls fit, resample, divide and score |
| rows | which rows a value holds, and whether two values share any |
| lineage | what a value is made of: rows, learning steps, predictions, estimators |
| journal | what happened on the way: splits, fits and checks |
| state | names and what they stand for while the statements are followed |
| indexing, figures, expressions, calls, frames, estimators, splits | what an expression gives |
| flow | what statements do |
| verdicts | which of the events make a leak |
| study | the three kinds of leak of a module |
"""
