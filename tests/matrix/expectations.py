"""Who may do what, written by hand from the rules: the answer of every route, for every role, in every phase.

Under each route (or routes with the same answers) stand lines of: method, phases, and one answer per role.

    200 403 404 405 422   the status. 422: a form that may be sent, and was sent empty
    in                    to the log-in page
    adm                   to the admin site's own log-in page
    go                    to another page; "-> route" at the end of the line says to which

Phases: P preparing, R reviewing, B moved back to reviewing after a reveal, A agreeing, D agreed (so the assessment is in
sign-off), X published; * all. "route/variant" asks the same route about another thing (tests/matrix/scene.py). The things
are those of outcome 4.1 and of the community panel: chair, reviewer and organiser are on it, the staff side's chair is not.
"""

ROLES = {
    "anon": "",
    "out": "outsider",
    "lead": "lead",
    "dep": "deputy",
    "cont": "contributor",
    "chair": "community_chair",
    "rev": "reviewer",
    "org": "organiser",
    "staff": "staff_chair",
    "spon": "sponsor",
    "board": "board",
    "adm": "admin",
}

TABLE = """
#                anon out  lead dep  cont chair rev  org  staff spon board adm

# Everybody, at any time

home
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
glossary
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
healthz
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
# No worker was heard of, and there is no key for numbers.
readyz
  GET   *        503  503  503  503  503  503   503  503  503   503  503   503
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
metrics
  GET   *        404  404  404  404  404  404   404  404  404   404  404   404
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
demo
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
demo-enter
  GET   *        405  405  405  405  405  405   405  405  405   405  405   405
  POST  *        go   go   go   go   go   go    go   go   go    go   go    go    -> home
demo-enter/lead
  # Nobody enters as somebody who is not one of the demo's people.
  POST  *        404  404  404  404  404  404   404  404  404   404  404   404
account_login
  GET   *        200  go   go   go   go   go    go   go   go    go   go    go    -> home
  POST  *        422  go   go   go   go   go    go   go   go    go   go    go    -> home
account_logout
  GET   *        go   200  200  200  200  200   200  200  200   200  200   200   -> home
  POST  *        go   go   go   go   go   go    go   go   go    go   go    go    -> home
account_inactive
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405

demo-mails demo-mail demo-mail-html
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405

# One-time links: whoever has one may open it. These are sent without a token.

link
  GET   *        410  410  410  410  410  410   410  410  410   410  410   410
  POST  *        410  410  410  410  410  410   410  410  410   410  410   410
sign-in-link password-reset
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        422  422  422  422  422  422   422  422  422   422  422   422

# One's own account

account account-password
  GET   *        in   200  200  200  200  200   200  200  200   200  200   200
  POST  *        in   422  422  422  422  422   422  422  422   422  422   422
account-start mfa_index
  GET   *        in   200  200  200  200  200   200  200  200   200  200   200
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
account_reauthenticate mfa_reauthenticate
  # Nobody here has a password or a second factor to be asked for.
  GET   *        in   403  403  403  403  403   403  403  403   403  403   403
  POST  *        in   403  403  403  403  403   403  403  403   403  403   403
mfa_authenticate
  # In the middle of signing in only.
  GET   *        in   go   go   go   go   go    go   go   go    go   go    go    -> home
  POST  *        in   go   go   go   go   go    go   go   go    go   go    go    -> home
mfa_activate_totp mfa_generate_recovery_codes
  GET   *        in   200  200  200  200  200   200  200  200   200  200   200
  POST  *        in   422  422  422  422  422   422  422  422   422  422   422
mfa_deactivate_totp
  GET   *        in   404  404  404  404  404   404  404  404   404  404   404
  POST  *        in   404  404  404  404  404   404  404  404   404  404   404
mfa_view_recovery_codes
  GET   *        in   404  404  404  404  404   404  404  404   404  404   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405

# The plan: what is planned for an outcome is hidden from panels and board until its reveal. The contributor owns it.

progress-link
  GET   *        410  410  410  410  410  410   410  410  410   410  410   410
  POST  *        410  410  410  410  410  410   410  410  410   410  410   410
plans
  GET   *        in   200  200  200  200  200   200  200  200   200  200   200
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
plan-own-calendar
  GET   *        in   200  200  200  200  200   200  200  200   200  200   200
  POST  *        in   200  200  200  200  200   200  200  200   200  200   200
plan-calendar-file
  # Asked without a key.
  GET   *        404  404  404  404  404  404   404  404  404   404  404   404
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
plan plan-summary plan-calendar plan-over-time plan-xlsx plan-docx audit
  GET   *        in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
plan-carry
  # Nothing is offered, so an empty form carries nothing over.
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  go   go   403  403   403  403  403   403  403   404   -> plan
plan-settings
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  go   go   403  403   403  403  403   403  403   404   -> plan
plan-objective-new action-new plan-order plan-objective plan-objective-remove action-edit action-remove action-owners
  GET   PR       in   404  200  200  403  404   404  404  404   404  404   404
  GET   BADX     in   404  200  200  403  403   403  403  403   403  403   404
  POST  PR       in   404  422  422  403  404   404  404  404   404  404   404
  POST  BADX     in   404  422  422  403  403   403  403  403   403  403   404
plan-suggestions
  # An empty request asks for no suggestion that there is.
  GET   PR       in   404  200  200  403  404   404  404  404   404  404   404
  GET   BADX     in   404  200  200  403  403   403  403  403   403  403   404
  POST  PR       in   404  404  404  403  404   404  404  404   404  404   404
  POST  BADX     in   404  404  404  403  403   403  403  403   403  403   404
action
  GET   PR       in   404  200  200  200  404   404  404  404   404  404   404
  GET   BADX     in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
action-progress
  GET   PR       in   404  200  200  200  404   404  404  404   404  404   404
  GET   BADX     in   404  200  200  200  403   403  403  403   403  403   404
  POST  PR       in   404  422  422  422  404   404  404  404   404  404   404
  POST  BADX     in   404  422  422  422  403   403  403  403   403  403   404
action-felt
  GET   PR       in   404  403  403  403  404   404  404  404   404  404   404
  GET   BADX     in   404  403  403  403  200   403  403  403   403  403   404
  POST  PR       in   404  403  403  403  404   404  404  404   404  404   404
  POST  BADX     in   404  403  403  403  422   403  403  403   403  403   404

# What the public reads: nothing before it is published

public-reports
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
public-latest
  GET   PRBAD    404  404  404  404  404  404   404  404  404   404  404   404
  GET   X        go   go   go   go   go   go    go   go   go    go   go    go    -> public-report
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405
public-report public-outcome public-file public-plan
  GET   PRBAD    404  404  404  404  404  404   404  404  404   404  404   404
  GET   X        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405

# The organisation: strangers get 404. Panels may open it for its objectives, and are told that the rest is not theirs

assessments
  GET   *        in   200  200  200  200  200   200  200  200   200  200   200
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
assessment-new
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
organisation-people
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
membership-end
  # A reason is asked; equality leads themselves are the site administrator's to end.
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
your-people
  # Straight to the organisation's where that is the only list. The outsider leads the other trust.
  GET   *        in   go   go   go   200  200   200  200  200   200  200   200   -> organisation-people
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
failed-mails
  # Addresses can tell who is on a panel (R21).
  GET   *        in   403  403  403  403  403   403  403  403   403  403   200
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
failed-mail-again
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  # The mail that is asked for was sent.
  POST  *        in   403  403  403  403  403   403  403  403   403  403   404
libraries
  # Straight to the library where it is one. The outsider has one too: that of the other trust.
  GET   *        in   go   go   go   go   200   200  200  200   200  200   200   -> library
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
library
  GET   *        in   404  200  200  200  403   403  403  403   403  403   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
evidence-item library-file evidence-item/inside library-file/inside
  GET   *        in   404  200  200  200  403   403  403  403   403  403   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
evidence-edit evidence-findings figure-new figure-edit evidence-privacy evidence-story
  # A correction is a new version at any time; a round that has opened keeps the one it pinned (R13).
  GET   *        in   404  200  200  200  403   403  403  403   403  403   404
  POST  *        in   404  422  422  422  403   403  403  403   403  403   404

# Equality objectives (R24): drafts stay in the organisation; what was put to local people its panels see as well

objectives objective
  # The objective is an adopted one.
  GET   *        in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
objective/draft
  GET   *        in   404  200  200  200  404   404  404  404   200  200   404
objective-new objective-edit commitment-new commitment-edit measure-new measure-value objective-review objective-close
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
objective-edit/draft measure-edit/draft objective-withdraw/draft
  GET   *        in   404  200  200  403  404   404  404  404   403  403   404
  POST  *        in   404  422  422  403  404   404  404  404   403  403   404
objective-next/closed objective-consult/asked comment-answer/asked
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
objective-withdraw objective-next measure-edit objective-consult objective-comment comment-answer objective-decide
  # Not after adoption, or not before it is closed: the page says why.
  GET   *        in   404  403  403  403  403   403  403  403   403  403   404
  POST  *        in   404  403  403  403  403   403  403  403   403  403   404
objective-comment/asked
  GET   *        in   404  403  403  403  200   200  200  200   403  403   404
  POST  *        in   404  403  403  403  422   422  422  422   403  403   404
objective-check
  GET   *        in   404  403  403  403  404   404  404  404   403  403   404
  POST  *        in   404  403  403  403  404   404  404  404   403  403   404
objective-check/deciding
  GET   *        in   404  200  200  200  404   404  404  404   200  200   404
  POST  *        in   404  422  422  403  404   404  404  404   403  403   404
objective-decide/deciding
  GET   *        in   404  403  403  403  403   403  403  403   200  403   404
  POST  *        in   404  403  403  403  403   403  403  403   422  403   404
objectives-publish objectives-version-close
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
objectives-file-retry
  # Its file is waiting, so nothing failed.
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  POST  *        in   404  go   go   403  403   403  403  403   403  403   404   -> objectives-publish
public-objectives public-objectives-version public-objectives-file
  # Version 1 is published before anything of the assessment is.
  GET   *        200  200  200  200  200  200   200  200  200   200  200   200
  POST  *        405  405  405  405  405  405   405  405  405   405  405   405

# Official criteria: loaded by the site administrator, whoever else that person is

criteria-editions criteria criteria-template criteria-download
  GET   *        in   403  403  403  403  403   403  403  403   403  403   200
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
criteria-load criteria-edit
  GET   *        in   403  403  403  403  403   403  403  403   403  403   200
  POST  *        in   403  403  403  403  403   403  403  403   403  403   422

# The assessment: everybody who has a part in it; set up by the lead until all grades are agreed

assessment
  GET   *        in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
assessment-scope assessment-dates round-new round-edit panel-new
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  422  422  403  403   403  403  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
set-up
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
take-over
  # There is no year before: nothing to keep, so nothing to fill in wrongly.
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  go   go   403  403   403  403  403   403  403   404   -> set-up
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
services
  # This edition grades none by service.
  GET   PRBA     in   404  404  404  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  404  404  403  403   403  403  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
services/eds-2022
  # Another assessment, just opened: nobody but the lead and the board has a part in it yet.
  GET   *        in   404  200  200  404  404   404  404  404   403  403   404
  POST  *        in   404  422  422  404  404   404  404  404   403  403   404
contributor-add
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  422  422  403  403   403  403  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
contributor-end
  # No reason is asked: who contributed, and till when, is kept.
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  go   go   403  403   403  403  403   403  403   404   -> assessment-people
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
assessment-people
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
remind
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  POST  PRBA     in   404  go   go   403  403   403  403  403   403  403   404   -> assessment
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
round-move
  # Out of sign-off only back, with a reason; a published report is reopened first.
  GET   PRBAD    in   404  200  200  403  403   403  403  403   403  403   404
  GET   X        in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBAD    in   404  422  422  403  403   403  403  403   403  403   404
  POST  X        in   404  403  403  403  403   403  403  403   403  403   404

# The panel: its page for itself and the lead; its list kept by chair and organiser, never seen by the employer (R21)

panel
  GET   *        in   404  200  200  403  200   200  200  403   403  403   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
panel-edit
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  422  422  403  403   403  403  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
panel-remove
  # Until it has opened; after that its page says why not.
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  P        in   404  go   go   403  403   403  403  403   403  403   404   -> assessment-people
  POST  RBA      in   404  422  422  403  403   403  403  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
panel-member-add
  # The lead names who chairs or organises; the panel itself names the rest.
  GET   PRBA     in   404  200  200  403  200   403  200  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  422  422  403  422   403  422  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
panel-member-end
  # Once a round has opened a panel changes only with a reason (R12).
  GET   PRBA     in   404  403  403  403  200   403  200  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  P        in   404  403  403  403  go    403  go   403   403  403   404   -> panel
  POST  RBA      in   404  403  403  403  422   403  422  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404

invitation
  # A panel's own: it does not exist for anybody but its chair and organiser, least of all for the employer.
  GET   PRBA     in   404  404  404  404  200   404  200  404   404  404   404
  GET   DX       in   404  404  404  404  404   404  404  404   404  404   404
  POST  PRBA     in   404  404  404  404  go    404  go   404   404  404   404   -> invitation
  POST  DX       in   404  404  404  404  404   404  404  404   404  404   404
invitation/appointed
  # Of somebody whom the lead has asked to organise the panel.
  GET   PRBA     in   404  200  200  404  200   404  200  404   404  404   404
  GET   DX       in   404  404  404  404  404   404  404  404   404  404   404
  POST  PRBA     in   404  go   go   404  go    404  go   404   404  404   404   -> invitation
  POST  DX       in   404  404  404  404  404   404  404  404   404  404   404

# The outcome and its evidence: panels from reviewing on, the board from agreeing on; what was revealed stays (R18)

outcome
  GET   P        in   404  200  200  200  403   403  403  403   403  403   404
  GET   R        in   404  200  200  200  200   200  200  200   403  403   404
  GET   BADX     in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
evidence-file
  GET   P        in   404  200  200  200  403   403  403  403   403  403   404
  GET   R        in   404  200  200  200  200   200  200  200   403  403   404
  GET   BADX     in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
evidence-file/inside
  # Sharing level "organisation": no panel ever.
  GET   P        in   404  200  200  200  403   403  403  403   403  403   404
  GET   R        in   404  200  200  200  404   404  404  404   403  403   404
  GET   BADX     in   404  200  200  200  404   404  404  404   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
evidence-new evidence-cite evidence-last-year
  GET   P        in   404  200  200  200  403   403  403  403   403  403   404
  GET   RBADX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  P        in   404  422  422  422  403   403  403  403   403  403   404
  POST  RBADX    in   404  403  403  403  403   403  403  403   403  403   404
evidence-uncite
  GET   P        in   404  200  200  200  403   403  403  403   403  403   404
  GET   RBADX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  P        in   404  go   go   go   403   403  403  403   403  403   404   -> outcome
  POST  RBADX    in   404  403  403  403  403   403  403  403   403  403   404
summary
  GET   P        in   404  200  200  403  403   403  403  403   403  403   404
  GET   RBADX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  P        in   404  422  422  403  403   403  403  403   403  403   404
  POST  RBADX    in   404  403  403  403  403   403  403  403   403  403   404

finding-settle
  # As hidden and as frozen as the proposal: what the lead sets counts towards the grade that EDS2 indicates (R7).
  GET   PA       in   404  200  200  404  404   404  404  404   404  404   404
  GET   RBDX     in   404  403  403  404  404   404  404  404   404  404   404
  POST  PA       in   404  422  422  404  404   404  404  404   404  404   404
  POST  RBDX     in   404  403  403  404  404   404  404  404   404  404   404

# Grading: independent first (R3)

propose
  # Frozen while people review. To everybody else a proposal does not exist.
  GET   PA       in   404  200  200  404  404   404  404  404   404  404   404
  GET   RBDX     in   404  403  403  404  404   404  404  404   404  404   404
  POST  PA       in   404  422  422  404  404   404  404  404   404  404   404
  POST  RBDX     in   404  403  403  404  404   404  404  404   404  404   404
agreement
  # What it shows is asked outcome by outcome: nothing before the reveal.
  GET   *        in   404  200  200  403  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
review-run
  GET   *        in   404  200  200  200  200   200  200  200   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
review step-aside
  GET   PADX     in   404  403  403  403  403   403  403  403   403  403   404
  GET   RB       in   404  403  403  403  200   200  403  403   403  403   404
  POST  PADX     in   404  403  403  403  403   403  403  403   403  403   404
  POST  RB       in   404  403  403  403  422   422  403  403   403  403   404
review/staff
  GET   RB       in   404  403  403  403  403   403  403  200   403  403   404
question-ask
  # Members of the outcome's panels, while there is something to ask for.
  GET   RBA      in   404  403  403  403  200   200  403  200   403  403   404
  GET   PDX      in   404  403  403  403  403   403  403  403   403  403   404
  POST  RBA      in   404  403  403  403  422   422  403  422   403  403   404
  POST  PDX      in   404  403  403  403  403   403  403  403   403  403   404
question-answer
  # The question is asked in reviewing: before, nobody who might answer finds it.
  GET   RBA      in   404  200  200  200  403   403  403  403   403  403   404
  GET   PDX      in   404  403  403  403  403   403  403  403   403  403   404
  POST  RBA      in   404  422  422  422  403   403  403  403   403  403   404
  POST  PDX      in   404  403  403  403  403   403  403  403   403  403   404
remark
  # A panel's own discussion, after the reveal; for everybody else there is none.
  GET   PRBDX    in   404  404  404  404  403   403  404  404   404  404   404
  GET   A        in   404  404  404  404  200   200  404  404   404  404   404
  POST  PRBDX    in   404  404  404  404  403   403  404  404   404  404   404
  POST  A        in   404  404  404  404  422   422  404  404   404  404   404
remark-take-back
  # The reviewer's own.
  GET   PRBDX    in   404  404  404  404  403   403  404  404   404  404   404
  GET   A        in   404  404  404  404  404   200  404  404   404  404   404
  POST  PRBDX    in   404  404  404  404  403   403  404  404   404  404   404
  POST  A        in   404  404  404  404  404   go   404  404   404  404   404   -> panel-reviews
panel-reviews
  # Members of the panel after the reveal; for everybody else there are no reviews.
  GET   PR       in   404  404  404  404  404   404  404  404   404  404   404
  GET   BADX     in   404  404  404  404  200   200  200  404   404  404   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
panel-names
  # Opening the names is a deed that is logged (R21): POST only.
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  POST  PR       in   404  404  404  404  404   404  404  404   404  404   404
  POST  BADX     in   404  404  404  404  200   404  200  404   404  404   404
panel-grade local-statement panel-words joint-grade joint-answer
  GET   PRBDX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   A        in   404  403  403  403  200   403  403  403   403  403   404
  POST  PRBDX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  A        in   404  403  403  403  422   403  403  403   403  403   404
dissent
  # By a member of the panel; whether they reviewed and what they dissent from, the form says.
  GET   PRBDX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   A        in   404  403  403  403  200   200  403  403   403  403   404
  POST  PRBDX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  A        in   404  403  403  403  422   422  403  403   403  403   404
statement not-graded
  GET   PRBDX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   A        in   404  200  200  403  403   403  403  403   403  403   404
  POST  PRBDX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  A        in   404  422  422  403  403   403  403  403   403  403   404

# The report before it is public: lead and board, once every round is agreed

report-draft publishing
  GET   PRBA     in   404  403  403  403  403   403  403  403   403  403   404
  GET   DX       in   404  200  200  403  403   403  403  403   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
report-details earlier-grades
  GET   PRBAD    in   404  200  200  403  403   403  403  403   403  403   404
  GET   X        in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBAD    in   404  422  422  403  403   403  403  403   403  403   404
  POST  X        in   404  403  403  403  403   403  403  403   403  403   404
engagement-new engagement-edit
  # Events stand before the grades: they are fixed once all are agreed.
  GET   PRBA     in   404  200  200  403  403   403  403  403   403  403   404
  GET   DX       in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBA     in   404  422  422  403  403   403  403  403   403  403   404
  POST  DX       in   404  403  403  403  403   403  403  403   403  403   404
# A plan that exists as a file: whoever keeps the plan brings it in, in any year
national-plans
  GET   *        in   404  200  200  403  403   403  403  403   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
local-plan
  # The trust is no care board.
  GET   *        in   404  404  404  403  403   403  403  403   404  404   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
national-link
  # It is a draft, which panels do not know of.
  GET   *        in   404  200  200  403  404   404  404  404   403  403   404
  POST  *        in   404  go   go   403  404   404  404  404   403  403   404    -> objective
plan-import-new
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  422  422  403  403   403  403  403   403  403   404
plan-import
  GET   *        in   404  200  200  403  403   403  403  403   403  403   404
  POST  *        in   404  go   go   403  403   403  403  403   403  403   404    -> plan-import
plan-import-confirm
  # A question is open.
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  POST  *        in   404  go   go   403  403   403  403  403   403  403   404    -> plan-import
plan-import-throw-away
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  POST  *        in   404  go   go   403  403   403  403  403   403  403   404    -> plan-import-new
approval-new approval-edit
  GET   PRBA     in   404  403  403  403  403   403  403  403   403  403   404
  GET   D        in   404  200  200  403  403   403  403  403   403  403   404
  GET   X        in   404  403  403  403  403   403  403  403   403  403   404
  POST  PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  D        in   404  422  422  403  403   403  403  403   403  403   404
report-words
  GET   P        in   404  200  200  403  403   403  403  403   403  403   404
  GET   RBADX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  P        in   404  422  422  403  403   403  403  403   403  403   404
  POST  RBADX    in   404  403  403  403  403   403  403  403   403  403   404
checks
  GET   PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   D        in   404  200  200  403  403   403  403  403   200  200   404
  POST  *        in   405  405  405  405  405   405  405  405   405  405   405
check-answer
  GET   PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   D        in   404  200  200  403  403   403  403  403   403  403   404
  POST  PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  D        in   404  422  422  403  403   403  403  403   403  403   404
version-close
  # Only a published version can be closed; who may not, learns nothing of one.
  GET   PRBAD    in   404  404  404  403  403   403  403  403   403  403   404
  GET   X        in   404  200  200  403  403   403  403  403   403  403   404
  POST  PRBAD    in   404  404  404  403  403   403  403  403   403  403   404
  POST  X        in   404  422  422  403  403   403  403  403   403  403   404
sign-off
  GET   PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   D        in   404  403  403  403  403   403  403  403   200  403   404
  POST  PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  D        in   404  403  403  403  403   403  403  403   422  403   404
publish
  GET   PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  GET   D        in   404  200  200  403  403   403  403  403   403  403   404
  POST  PRBAX    in   404  403  403  403  403   403  403  403   403  403   404
  POST  D        in   404  422  422  403  403   403  403  403   403  403   404
rendition-retry
  GET   *        in   405  405  405  405  405   405  405  405   405  405   405
  POST  PRBAD    in   404  404  404  403  403   403  403  403   403  403   404
  POST  X        in   404  go   go   403  403   403  403  403   403  403   404   -> publishing
reopen
  GET   PRBAD    in   404  403  403  403  403   403  403  403   403  403   404
  GET   X        in   404  200  200  403  403   403  403  403   403  403   404
  POST  PRBAD    in   404  403  403  403  403   403  403  403   403  403   404
  POST  X        in   404  422  422  403  403   403  403  403   403  403   404

# The admin site: the site administrator only, and nothing of an assessment is in it

admin:login
  GET   *        in   403  403  403  403  403   403  403  403   403  403   go    -> admin:index
  POST  *        in   403  403  403  403  403   403  403  403   403  403   200
admin:logout
  GET   *        go   go   go   go   go   go    go   go   go    go   go    405   -> admin:index
  POST  *        go   go   go   go   go   go    go   go   go    go   go    go
admin:index admin:app_list
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
admin:password_change_done admin:jsi18n
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   405
admin:password_change
  # Django's own form: it answers 200 where it was filled in wrongly, as all of the admin site does.
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
admin:autocomplete
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   403
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   405
admin:view_on_site admin/(?P<url>.*)$
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   404
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   404
admin:{texts}_changelist admin:{texts}_history admin:{kept}_changelist admin:{kept}_history
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
admin:{texts}_add admin:{texts}_delete admin:{kept}_delete
  # Framework texts change by a new revision; people, organisations and memberships are never deleted.
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   403
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   403
admin:{texts}_change
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   403
admin:{kept}_add admin:people_user_change admin:people_organisation_change admin:people_organisationnotice_change
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
admin:people_membership_change
  # Only its dates can be changed, and both may be empty.
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   200
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   go   -> admin:people_membership_changelist
admin/{texts/}/<path:object_id>/ admin/{kept/}/<path:object_id>/
  # An old address of Django's that leads to the page of the row.
  GET   *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   go
  POST  *        adm  adm  adm  adm  adm  adm   adm  adm  adm   adm  adm   go
"""

# What the admin site shows, to write a row once for all: {texts} can only be read, {kept} is kept by the administrator.
# With a slash, {texts/}, the names stand as in addresses.
_TEXTS = "band characteristic factor framework frameworkrevision goal goalstatement grade group outcome"
MODELS = {
    "texts": [f"frameworks_{name}" for name in _TEXTS.split()],
    "kept": ["people_user", "people_organisation", "people_membership", "people_organisationnotice"],
}
