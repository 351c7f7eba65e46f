"""How the admin writes dates and times; found by FORMAT_MODULE_PATH."""
