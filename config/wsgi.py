import gc
from importlib import import_module

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

# A long page creates so many objects that a full garbage collection runs during the request and
# visits everything loaded so far: up to 150 ms more for the matrix. Modules loaded by now are never
# freed, so they are excluded from collection. What is kept of pages grows beside them, so
# collections are rarer than Python's own: that saves another tenth of a page drawn from nothing.
import_module("config.urls")
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
