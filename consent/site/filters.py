"""What the filter forms of timeline and matrix share: few fields in sight, the rest on request."""

from typing import Any, ClassVar

from django import forms


class FilterForm(forms.Form):
    """A GET form whose address is the view. What is not understood filters nothing."""

    #: The fields that are always in sight.
    IN_SIGHT: ClassVar[tuple[str, ...]] = ()

    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.IN_SIGHT]

    def more(self) -> list[forms.BoundField]:
        """The fields behind "more filters"."""
        return [self[name] for name in self.fields if name not in self.IN_SIGHT]

    def more_in_use(self) -> bool:
        return bool(self.chosen().keys() - set(self.IN_SIGHT)) or bool(self.errors)

    def chosen(self) -> dict[str, Any]:
        """The valid filters that were given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
