"""What of accounts is the record: who could sign in, as whom. Secrets and sessions are not."""

from ais_app.access.models import Account, RoleAssignment
from ais_app.i18n import _
from ais_app.ledger.records import Record

ACCOUNT = Record(
    Account,
    lambda: _("Account"),
    {
        "login": lambda: _("Login"),
        "blocked_at": lambda: _("Blocked"),
        "created_at": lambda: _("Made"),
    },
    personal=("login",),
    outside={
        "password_hash": "a secret; that it was changed is an operation",
        "code_hash": "a secret; that a code was issued is an operation",
        "last_login_at": "when somebody signed in last is kept for thirteen months, the record for twenty-five years",
    },
)

ROLE = Record(
    RoleAssignment,
    lambda: _("Role"),
    {
        "account": lambda: _("Account"),
        "role": lambda: _("Role"),
        "school": lambda: _("School"),
        "person": lambda: _("Person"),
        "valid_from": lambda: _("From"),
        "valid_to": lambda: _("Before"),
    },
)

RECORDS = (ACCOUNT, ROLE)

# The entity of items that say that an account got another secret, and of which kind; its subject is the account.
CREDENTIAL = "credential"
