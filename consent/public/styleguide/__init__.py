"""The component page: every part that pages are made of, in every state. Only while DEBUG is on."""
