"""Stand-ins: values of which is only known how they came about, and that write down what is done with them."""

from __future__ import annotations

import dis
import sys
import types
import zlib
from collections.abc import Iterator
from typing import Any

YES, NO = 8, 9  # of the seeds those in which everything holds, or nothing
_MOST_STEPS = 3000  # of a run, so that `while` ends
_LONGEST = 160  # characters of how a stand-in came about; what is longer goes by its checksum
_INFIX = {
    **dict(zip("add sub mul truediv floordiv mod pow matmul".split(), "+ - * / // % ** @".split(), strict=True)),
    **dict(zip("and or xor lshift rshift lt le gt ge".split(), "& | ^ << >> < <= > >=".split(), strict=True)),
}
_UNPACK = {"UNPACK_SEQUENCE", "UNPACK_EX"}


class Endless(Exception):
    """A run that takes too many steps."""


class Recorder:
    """What a run did, and the choices of its seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.done: list[str] = []
        self.stored: dict[tuple[str, str], Any] = {}  # attributes that were set
        self._steps = self._depth = 0

    def make(self, label: str) -> StandIn:
        """The stand-in for what came about in a way."""
        short = label if len(label) <= _LONGEST else f"{label[:60]}…{zlib.crc32(label.encode()):08x}"
        return StandIn(self, short)

    def note(self, label: str) -> StandIn:
        """Write down a step that code outside would notice, and give what comes of it."""
        self.done.append(label)
        return self.make(label)

    def chance(self, label: str, count: int) -> int:
        """A number below a count that follows from a label and the seed."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise Endless
        return zlib.crc32(f"{self._seed}:{label}".encode()) % count

    def holds(self, label: str) -> bool:
        """Whether what came about in a way holds."""
        chance = self.chance(label, 2)
        return bool(chance) if self._seed not in (YES, NO) else self._seed == YES

    def label(self, value: Any) -> str:
        """How a value came about, or what it is."""
        if isinstance(value, StandIn):
            return value._label
        if isinstance(value, Made):
            return "self"
        if isinstance(value, list | tuple):
            return f"{type(value).__name__}[{', '.join(map(self.label, value))}]"
        if isinstance(value, set | frozenset):
            return f"set[{', '.join(sorted(map(self.label, value)))}]"
        if isinstance(value, dict):
            return f"dict[{', '.join(f'{self.label(k)}: {self.label(v)}' for k, v in value.items())}]"
        if isinstance(value, types.FunctionType | types.MethodType):
            return self._called(value)
        if isinstance(value, types.GeneratorType):
            return f"items[{', '.join(map(self.label, value))}]"
        known = value is None or isinstance(value, int | float | str | bytes | complex | slice | range)
        return repr(value) if known else type(value).__name__

    def arguments(self, given: tuple[Any, ...], named: dict[str, Any]) -> str:
        """Arguments in one line, those by keyword in the order of their names."""
        pairs = [f"{name}={self.label(named[name])}" for name in sorted(named)]
        return ", ".join([*map(self.label, given), *pairs])

    def _called(self, function: types.FunctionType | types.MethodType) -> str:
        """A function that is handed over, by what it does with stand-ins."""
        if self._depth > 1:
            return "function"
        self._depth += 1
        try:
            count = function.__code__.co_argcount - isinstance(function, types.MethodType)
            return f"function({self.label(function(*(self.make(f'given{n}') for n in range(count))))})"
        except Endless:
            raise
        except Exception as error:  # noqa: BLE001 - the code of others; the same before and after
            return f"function!{type(error).__name__}"
        finally:
            self._depth -= 1


class StandIn:
    """A value of which only is known how it came about."""

    def __init__(self, recorder: Recorder, label: str) -> None:
        object.__setattr__(self, "_recorder", recorder)
        object.__setattr__(self, "_label", label)

    _recorder: Recorder
    _label: str

    def keys(self) -> list[str]:
        """What `**` hands over."""
        return ["given"]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        key = self._label, name
        known = self._recorder.stored.get(key)
        return self._recorder.make(f"{self._label}.{name}") if known is None else known

    def __setattr__(self, name: str, value: Any) -> None:
        self._recorder.note(f"{self._label}.{name} = {self._recorder.label(value)}")
        self._recorder.stored[self._label, name] = value

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._recorder.note(f"{self._label}({self._recorder.arguments(given, named)})")

    def __getitem__(self, key: Any) -> Any:
        self._recorder.chance(self._label, 1)
        return self._recorder.make(f"{self._label}[{self._recorder.label(key)}]")

    def __setitem__(self, key: Any, value: Any) -> None:
        self._recorder.note(f"{self._label}[{self._recorder.label(key)}] = {self._recorder.label(value)}")

    def __delitem__(self, key: Any) -> None:
        self._recorder.note(f"del {self._label}[{self._recorder.label(key)}]")

    def __delattr__(self, name: str) -> None:
        self._recorder.note(f"del {self._label}.{name}")

    def __iter__(self) -> Iterator[Any]:
        count = _wanted(sys._getframe(1)) or 1 + self._recorder.chance(self._label, 3)
        return iter([self._recorder.make(f"{self._label}[{n}]") for n in range(count)])

    def __next__(self) -> Any:
        return self._recorder.note(f"next({self._label})")

    def __len__(self) -> int:
        return 1 + self._recorder.chance(self._label, 3)

    __index__ = __int__ = __len__

    def __float__(self) -> float:
        return float(len(self))

    def __bool__(self) -> bool:
        return self._recorder.holds(self._label)

    def __contains__(self, item: Any) -> bool:
        return bool(self._recorder.make(f"{self._recorder.label(item)} in {self._label}"))

    def __eq__(self, other: object) -> Any:
        return self._recorder.make(f"({self._label} == {self._recorder.label(other)})")

    def __ne__(self, other: object) -> Any:
        return self._recorder.make(f"({self._label} != {self._recorder.label(other)})")

    def __hash__(self) -> int:
        return zlib.crc32(self._label.encode())

    def __neg__(self) -> Any:
        return self._recorder.make(f"-{self._label}")

    def __invert__(self) -> Any:
        return self._recorder.make(f"~{self._label}")

    def __abs__(self) -> Any:
        return self._recorder.make(f"abs({self._label})")

    def __round__(self, digits: Any = None) -> Any:
        return self._recorder.make(f"round({self._label}, {self._recorder.label(digits)})")

    def __enter__(self) -> Any:
        return self._recorder.note(f"enter {self._label}")

    def __exit__(self, *error: object) -> None:
        self._recorder.note(f"leave {self._label}")

    def __str__(self) -> str:
        return f"<{self._label}>"

    __repr__ = __fspath__ = __str__

    def __format__(self, form: str) -> str:
        return f"<{self._label}:{form}>"

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (Made,)


def _infix(name: str, sign: str) -> None:
    def left(self: StandIn, other: Any) -> Any:
        return self._recorder.make(f"({self._label} {sign} {self._recorder.label(other)})")

    def right(self: StandIn, other: Any) -> Any:
        return self._recorder.make(f"({self._recorder.label(other)} {sign} {self._label})")

    setattr(StandIn, f"__{name}__", left)
    if name not in ("lt", "le", "gt", "ge"):
        setattr(StandIn, f"__r{name}__", right)


for _name, _sign in _INFIX.items():
    _infix(_name, _sign)


def _wanted(frame: types.FrameType) -> int:
    """How many items the caller unpacks; 0 if it does not unpack."""
    code = frame.f_code.co_code
    operation = dis.opname[code[frame.f_lasti]]
    return code[frame.f_lasti + 1] + (operation == "UNPACK_EX") if operation in _UNPACK else 0


class Made:
    """The base of classes whose bases are stand-ins; what they do not define is one."""

    _recorder: Recorder

    def __init__(self, *given: Any, **named: Any) -> None:
        self._recorder.note(f"super().__init__({self._recorder.arguments(given, named)})")

    def __init_subclass__(cls, **named: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._recorder.make(f"self.{name}")

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._recorder.note(f"self({self._recorder.arguments(given, named)})")

    def __setattr__(self, name: str, value: Any) -> None:
        self._recorder.note(f"self.{name} = {self._recorder.label(value)}")
        object.__setattr__(self, name, value)
