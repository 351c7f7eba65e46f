import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# A long page makes so many objects that Python's collector would run in the middle of it, and a
# full run looks at everything that was ever loaded: 100 ms more for a reader of the matrix. So what
# is loaded by now is set aside for good, and full runs become rare.
import_module("config.urls")
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
