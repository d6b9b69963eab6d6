"""The officer's office: accounts opened, codes handed over, keys certified after hearing their fingerprint."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.offices.accounts import NewAccount
from casework.services.offices.views import AccountLine, OfficerLists
from casework.services.terms import end_of
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("accounts", __name__)


class AccountForm(fields.OnceForm):
    """Who the person is, and for whom they work. Nothing here opens a dossier."""

    name = StringField(_("Prénom et nom"), [fields.required(_("Saisissez le prénom et le nom."))])
    username = StringField(_("Identifiant"), [fields.required(_("Choisissez un identifiant."))])
    gender = RadioField(
        _("Accord"),
        [fields.required(_("Choisissez l’accord."))],
        choices=fields.options([("f", _("au féminin")), ("m", _("au masculin")), ("n", _("les deux formes"))]),
        validate_choice=False,
    )
    function = StringField(_("Fonction"), [fields.required(_("Saisissez la fonction."))])
    profession = SelectField(_("Profession"), [fields.required(_("Choisissez la profession."))], validate_choice=False)
    institution = SelectField(_("Institution"), [fields.required(_("Choisissez l’institution."))], validate_choice=False)
    email = StringField(_("Courriel professionnel"))

    def offer(self, lists: OfficerLists) -> None:
        """Offer the closed lists."""
        self.profession.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in lists.professions)])
        self.institution.choices = fields.options([("", _("Choisir…")), *((each.code, each.label) for each in lists.institutions)])

    def account(self) -> NewAccount:
        """What was typed."""
        typed = {name: value or "" for name, value in self.data.items() if name != "csrf_token"}
        return NewAccount(**typed)


class AddressForm(fields.OnceForm):
    """Where convocations are sent."""

    email = StringField(_("Courriel professionnel"))


class CertifyForm(fields.OnceForm):
    """What the person reads aloud."""

    fingerprint = StringField(_("Empreinte lue par la personne"), [fields.required(_("Tapez l’empreinte que la personne vous lit."))])


class OfficeForm(fields.OnceForm):
    """The act and the term of an office's habilitation."""

    act = StringField(_("Référence de l’acte"), [fields.required(_("Saisissez la référence de l’acte signé."))])
    until = fields.DayField(_("Habilitation jusqu’au"), [fields.required(_("Indiquez le dernier jour, un an au plus."))])


class CertifyOfficeForm(OfficeForm, CertifyForm):
    """Both: the keys of somebody in office are certified and their habilitation given by one act."""


@screen.get("/comptes")
@guarded("account.read")
def directory() -> ResponseReturnValue:
    """Accounts, institutions and cells."""
    return render_template("accounts/directory.html", shown=services.rosters.directory(guard.actor()))


@screen.get("/comptes/nouveau")
@guarded("account.create")
def new() -> ResponseReturnValue:
    """The empty form."""
    return _new(AccountForm(formdata=None))


@screen.post("/comptes/nouveau")
@guarded("account.create")
def create() -> ResponseReturnValue:
    """Open the account. The code is in this very answer and nowhere else."""
    filled = AccountForm()
    if not filled.validate():
        return _new(filled), 422
    try:
        code = services.accounts.create(guard.actor(), filled.account())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _new(filled), 422
    return _code(filled.name.data or "", filled.account().username.strip().lower(), code), 201


@screen.get("/comptes/<number:account>")
@guarded("account.read")
def read(account: str) -> ResponseReturnValue:
    """One account, and what can be done for it now."""
    line = services.rosters.account(guard.actor(), account)
    return _page(line, _form(line, empty=True))


@screen.post("/comptes/<number:account>/code")
@guarded("account.create")
def reissue(account: str) -> ResponseReturnValue:
    """A new code for somebody not certified yet, shown once."""
    line = services.rosters.account(guard.actor(), account)
    return _code(line.name, line.username, services.accounts.reissue(guard.actor(), line.username)), 201


@screen.post("/comptes/<number:account>/courriel")
@guarded("account.create")
def address(account: str) -> ResponseReturnValue:
    """Another work address, or none."""
    line, filled = services.rosters.account(guard.actor(), account), AddressForm()
    try:
        fields.refuse_twice(filled)
        services.accounts.address(guard.actor(), line.username, filled.email.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(line, _form(line, empty=True), address=filled), 422
    return _back("address-kept", account)


@screen.post("/comptes/<number:account>/certifier")
@guarded("account.certify")
def certify(account: str) -> ResponseReturnValue:
    """Certify, when what was heard is what the account has."""
    line = services.rosters.account(guard.actor(), account)
    filled = _form(line)
    if not filled.validate():
        return _page(line, filled), 422
    typed = filled.data
    until = end_of(typed["until"]) if "until" in typed else None
    try:
        services.accounts.certify(guard.actor(), line.username, typed.get("fingerprint") or "", act=typed.get("act") or "", until=until)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(line, filled), 422
    return _back("account-certified", account)


@screen.post("/comptes/<number:account>/renouveler")
@guarded("account.certify")
def renew(account: str) -> ResponseReturnValue:
    """A new term for an office."""
    line = services.rosters.account(guard.actor(), account)
    filled = OfficeForm()
    if not filled.validate():
        return _page(line, filled), 422
    try:
        services.accounts.renew(guard.actor(), line.username, act=filled.act.data or "", until=end_of(filled.until.data))
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(line, filled), 422
    return _back("office-renewed", account)


def _back(notice: str, account: str) -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("accounts.read", account=account), 303)


def _form(line: AccountLine, *, empty: bool = False) -> fields.OnceForm:
    """The form that goes with the account's state."""
    kind = OfficeForm if line.state.code == "certified" else CertifyOfficeForm if line.office else CertifyForm
    return kind(formdata=None) if empty else kind()


def _page(line: AccountLine, form: fields.OnceForm, *, address: AddressForm | None = None) -> str:
    """Raises NotFound for a form that the account has no use for any more, as its verb does."""
    if type(form) is not type(_form(line, empty=True)):
        raise NotFound("account.certify")
    if address is None:
        address = AddressForm(formdata=None)
        address.email.data = line.email
    problems = fields.summary(form) or fields.summary(address)
    return render_template("accounts/read.html", account=line, form=form, address=address, problems=problems)


def _new(form: AccountForm) -> str:
    form.offer(services.rosters.officer_lists(guard.actor()))
    return render_template("accounts/new.html", form=form, problems=fields.summary(form))


def _code(name: str, username: str, code: str) -> str:
    groups = " ".join(code[start : start + 4] for start in range(0, len(code), 4))
    return render_template("accounts/code.html", name=name, username=username, code=groups)
