"""Room on the stack of Python for a call and all calls below it.

Python takes its stack from the system in pieces of 16 kB. Versions from before March 2026, such as
Debian's 3.13.5, give a piece back as soon as the first call in it returns. Where a loop makes its
calls at the end of a piece, each of them asks the system twice
(https://github.com/python/cpython/issues/142183). Below the calls of pytest many pages were drawn
there, in a fifth more time; a web server is not so deep in its stack. A call that needs more than a
piece gets a larger one, and the calls below it share what is left.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


def with_stack_room(
    call: Callable[_Arguments, _Result], /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
) -> _Result:
    """Call a function with half a megabyte of stack, several times what a page needs."""
    return call(*args, **kwargs)


# The number of values for which its stack has room. Python takes the next power of two in bytes,
# and only what is used takes memory.
with_stack_room.__code__ = with_stack_room.__code__.replace(co_stacksize=1 << 16)
