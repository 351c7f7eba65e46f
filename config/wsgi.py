import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from config.private_files import create_private_files

create_private_files()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# A long page makes so many objects that Python's collector runs in the middle of it, and a full run
# looks at everything that was ever loaded: up to 150 ms more for a reader of the matrix. What is
# loaded by now stays for good, so it is set aside.
import_module("config.urls")
gc.collect()
gc.freeze()
