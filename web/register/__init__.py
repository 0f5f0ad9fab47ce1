"""From rule to diagram and back: the policy register beside what is modelled. Read `views.py`."""

from web.register.views import blueprint

__all__ = ["blueprint"]
