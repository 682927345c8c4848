"""How an educator's position is said: the program's own word in the reader's language, or what people wrote."""

from typing import Any

from portal.core.i18n import pick
from portal.core.names import fold
from portal.nominations.rules.nominate import position_of


def said(program: Any, key: str, written: str) -> str:
    """The position for this reader.

    Where the form's own word was chosen ("Maestra o maestro"), the same in the reader's language; what somebody wrote
    by hand tells more ("chorus teacher") and stays, beginning with a capital letter.
    """
    names = position_of(program, key).get("name", {})
    words = names.values() if isinstance(names, dict) else [names]
    if names and (not written or fold(written) in {fold(each) for each in words}):
        return str(pick(names))
    return written[:1].upper() + written[1:]
