"""What a supervisor does to a case that stands wrong: stop it for a while, move a moment, skip, go back, correct, retry.

Each verb asks for `case.repair`, wants a reason, and leaves an audit row in the chain of the case.
"""
