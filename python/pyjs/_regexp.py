"""The syntax of regular expressions, from JavaScript's to Python's and back.

What crosses is one text, "flags/source". Both languages read most of a pattern alike; what they
read otherwise is rewritten, or refused with a ValueError.
"""

import re
from collections.abc import Iterator

_DIGIT = r"\p{Nd}"
_WORD = r"\p{L}\p{N}_"
# \b between what Python calls letters; JavaScript's own knows ASCII alone.
_EDGE = rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_INSIDE = rf"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))"

# An escape, the beginning of a group, a quantifier, or one character.
_TOKEN = re.compile(
    r"""\\(?: u\{[0-9a-fA-F]+\} | u[dD][89abAB]..\\u[dD][c-fC-F].. | u[0-9a-fA-F]{4}
        | U[0-9a-fA-F]{8} | x[0-9a-fA-F]{2} | c[A-Za-z] | k<[^>]*> | [pPN]\{[^}]*\} | 0[0-7]{0,2}
        | [0-7]{3} | [1-9][0-9]? | . )
      | \(\?(?: \#[^)]*\) | P=[^)]*\) | P?<(?![=!])[^>]*> | <?[=!] | > | \([^)]*\)
        | [a-zA-Z-]*[:)] )
      | \{[0-9]*,?[0-9]*\}
      | .""",
    re.X | re.S,
)
_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


def _tokens(source: str, may_begin_with_bracket: bool) -> Iterator[tuple[str, bool | None]]:
    """Each token, and whether it stands in a class; None for what begins or ends one.

    In Python's []] the first ] is a member.
    """
    at, in_class, first = 0, False, False
    while at < len(source):
        if in_class and source[at] != "\\":
            token = source[at]
        else:
            match = _TOKEN.match(source, at)
            if match is None:
                raise ValueError("the pattern ends with a backslash")
            token = match[0]
        at += len(token)
        if not in_class and token == "[":
            token += "^" if source.startswith("^", at) else ""
            at += len(token) - 1
            yield token, None
            in_class, first = True, may_begin_with_bracket
            continue
        if in_class and token == "]" and not first:
            in_class = False
            yield token, None
            continue
        yield token, in_class
        first = False


def from_js(text: str) -> re.Pattern[str]:
    """The pattern of a RegExp.

    \\d, \\w and \\b know ASCII alone in JavaScript, as with re.ASCII; $ is not before a final
    newline there. Of what ends a line, Python knows \\n alone.
    """
    flags, _, source = text.partition("/")
    refused = set(flags) & {"y", "v"}
    if refused:
        raise ValueError(f"it has the flag {min(refused)}, which Python has nothing like")
    return _FromJs(source, flags).pattern()


class _FromJs:
    def __init__(self, source: str, flags: str) -> None:
        self.source = "" if source == "(?:)" else source
        self.flags = flags
        self.asks_ascii = False
        self.asks_space = False

    def pattern(self) -> re.Pattern[str]:
        known = {"i": re.I, "m": re.M, "s": re.S}
        flags = re.RegexFlag(0)
        for flag in self.flags:
            flags |= known.get(flag, 0)
        source = self.translated()
        if self.asks_ascii:
            if self.asks_space or ("i" in self.flags and not source.isascii()):
                raise ValueError(r"it has both \d, \w or \b, which mean ASCII, and what does not")
            flags |= re.ASCII
        return re.compile(source, flags)

    def translated(self) -> str:
        out: list[str] = []
        for token, in_class in _tokens(self.source, False):
            if in_class is not None:
                out.append(self.token(token, in_class))
            elif token == "]" and out[-1] == "[":
                out[-1] = "(?!)"  # no character at all
            elif token == "]" and out[-1] == "[^":
                out[-1] = r"[\s\S]"
            else:
                out.append(token)
        return "".join(out)

    def token(self, token: str, in_class: bool) -> str:
        if token.startswith("\\"):
            return self.escape(token, in_class)
        if in_class:
            return "\\" + token if token in "[&~|" else token
        if token == "$" and "m" not in self.flags:
            return r"\Z"
        if token.startswith("(?<") and token[3] not in "=!":
            return "(?P" + token[2:]
        if token.startswith("(?") and token.endswith(":") and "m" in token:
            raise ValueError(f"it has the group {token}...)")
        if token.startswith("{") and not _QUANTIFIER.fullmatch(token):
            return "\\" + token
        return token

    def escape(self, token: str, in_class: bool) -> str:
        kind = token[1]
        if kind in "dDwWbB":
            self.asks_ascii = self.asks_ascii or not (in_class and kind == "b")
            return token
        if kind in "sS":
            self.asks_space = True
            return token
        if kind == "k" and len(token) > 2:
            return f"(?P={token[3:-1]})"
        if kind in "uU" and len(token) > 2:
            return re.escape(_character(token))
        if kind == "c" and len(token) > 2:
            return f"\\x{ord(token[2]) % 32:02x}"
        if kind == "0":
            return "\\x00" if token == "\\0" else token
        if kind == "/":
            return "/"
        if kind in "ckpPux":
            if len(token) > 2 and kind == "x":
                return token
            raise ValueError(f"it has {token}")
        # A letter without a meaning is itself; in Python it may have one.
        return kind if kind.isalpha() and kind not in "fnrtv" else token


def _character(token: str) -> str:
    digits = token[2:].strip("{}")
    if "\\u" in digits:
        high, low = (int(part, 16) for part in digits.split("\\u"))
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return chr(int(digits, 16))


def to_js(pattern: re.Pattern[str]) -> str:
    """The RegExp of a pattern, always with the flag u: Python's characters are code points.

    A class of characters means what it does in Python: \\d is \\p{Nd} unless the pattern has
    re.ASCII. Of what ends a line, JavaScript knows more than \\n.
    """
    if not isinstance(pattern.pattern, str):
        raise ValueError("it matches bytes, and JavaScript has text alone")
    for flag in (re.VERBOSE, re.LOCALE):
        if pattern.flags & flag:
            raise ValueError(f"it has the flag {flag.name}, which JavaScript has nothing like")
    flags = [name for name, flag in (("i", re.I), ("m", re.M), ("s", re.S)) if pattern.flags & flag]
    return f"{''.join(flags)}u/{_ToJs(pattern).translated()}"


class _ToJs:
    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.source = pattern.pattern
        self.is_ascii = bool(pattern.flags & re.ASCII)
        self.lines = bool(pattern.flags & re.M)

    def translated(self) -> str:
        # Flags of the whole, which the flags have.
        source = re.sub(r"^\(\?[aimsu]+\)", "", self.source)
        return "".join(
            token if in_class is None else self.token(token, in_class)
            for token, in_class in _tokens(source, True)
        )

    def token(self, token: str, in_class: bool) -> str:
        if token.startswith("\\"):
            return self.escape(token, in_class)
        if in_class:
            return "\\" + token if token in "[]" else token
        if token == "$" and not self.lines:
            return r"(?=\n?$)"
        if token in ("]", "{", "}"):
            return "\\" + token
        if token.startswith("{"):
            return self.quantifier(token)
        return self.group(token) if token.startswith("(?") else token

    def quantifier(self, token: str) -> str:
        if token.startswith("{,") and token != "{,}":
            return "{0" + token[1:]
        return token if _QUANTIFIER.fullmatch(token) else f"\\{token[:-1]}\\}}"

    def group(self, token: str) -> str:
        if token.startswith("(?#"):
            return ""
        if token.startswith("(?P="):
            return rf"\k<{token[4:-1]}>"
        if token.startswith("(?P<"):
            return "(?<" + token[4:]
        if token.startswith(("(?(", "(?>")) or (
            token.endswith(":") and set(token[2:-1]) & set("aLmux")
        ):
            raise ValueError(f"it has {token}, which JavaScript has nothing like")
        return token

    def escape(self, token: str, in_class: bool) -> str:
        kind = token[1]
        table: dict[str, str] = {} if self.is_ascii else (_IN_CLASS if in_class else _OUTSIDE)
        if kind in table:
            return table[kind]
        if not self.is_ascii and in_class and kind == "W":
            raise ValueError(r"it has \W in a class")
        if kind in "AZ":
            return _ENDS[kind][self.lines]
        if kind == "U":
            return f"\\u{{{int(token[2:], 16):x}}}"
        if kind == "a":
            return r"\x07"
        if kind == "0" or (len(token) == 4 and token[1:].isdigit()):
            return f"\\x{int(token[1:], 8):02x}"
        if kind == "N":
            raise ValueError(f"it has {token}; write the character")
        if kind.isalnum() or kind in r"^$\.*+?()[]{}|/" or (in_class and kind == "-"):
            return token
        return kind


_OUTSIDE = {
    "d": _DIGIT,
    "D": r"\P{Nd}",
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "b": _EDGE,
    "B": _INSIDE,
}
_IN_CLASS = {"d": _DIGIT, "D": r"\P{Nd}", "w": _WORD}
# Without re.M and with it.
_ENDS = {"A": ("^", r"(?<![\s\S])"), "Z": ("$", r"(?![\s\S])")}
