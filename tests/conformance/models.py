"""All constructs, in the order of their groups."""

from tests.conformance.activities import ACTIVITIES, QUANTITIES
from tests.conformance.basics import BASICS, DATA
from tests.conformance.events import EVENTS
from tests.conformance.gateways import ERRORS, GATEWAYS
from tests.conformance.patterns import PATTERNS

GROUPS = (ACTIVITIES, BASICS, DATA, ERRORS, QUANTITIES, EVENTS, GATEWAYS, PATTERNS)
CONSTRUCTS = tuple(one for group in GROUPS for one in group.constructs)
