"""The orchestration core: diagrams, cases, deadlines, people. Knows no Flask.

Imports point down only; the order of floors is a contract in setup.cfg. Read docs/architecture.md first.
"""
