"""The access table: who may do what, in which phase, and the sentence that explains each no.

It is data. `eds.access.decide` reads it; views, templates, exports, mails and tasks ask there and nowhere else.
"""

from .assessment import ASSESSMENT
from .deeds import BOARDROOM, PANEL, Deed, Hides, Role, Rule
from .organisation import ORGANISATION
from .outcome import OUTCOME

__all__ = ["BOARDROOM", "PANEL", "TABLE", "Deed", "Hides", "Role", "Rule"]

TABLE: dict[Deed, Rule] = ORGANISATION | ASSESSMENT | OUTCOME
