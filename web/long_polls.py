"""How many workers may wait for a task in one process. Each takes a thread, which the web server has besides its own."""

import threading

MOST = 32

places = threading.BoundedSemaphore(MOST)
