"""All topics of this installation. A topic that is not here waits for an external worker."""

from engine.commands.handler import Handler
from handlers.callers import choose_caller_back
from handlers.dossier import assign_dossier_number
from handlers.recusal import check_recusal
from handlers.sampling import draw_sample
from handlers.superiors import find_common_superior
from handlers.teams import keep_out_unit
from handlers.telling import notify_customer, notify_role, tell_feedback_recipients

# Handlers that only look something up, count, or write a notice to the outbox run inside the command: they have no
# effect outside of it. What goes to the customer is a job, tried again and at last an incident that a person mends.
HANDLERS = (
    Handler("check_recusal", check_recusal, in_transaction=True),
    Handler("choose_caller_back", choose_caller_back, in_transaction=True),
    Handler("find_common_superior", find_common_superior, in_transaction=True),
    Handler("keep_out_unit", keep_out_unit, in_transaction=True),
    Handler("assign_dossier_number", assign_dossier_number, in_transaction=True),
    Handler("draw_sample", draw_sample, in_transaction=True),
    Handler("notify_role", notify_role, in_transaction=True),
    Handler("tell_feedback_recipients", tell_feedback_recipients, in_transaction=True),
    Handler("notify_customer", notify_customer),
)
