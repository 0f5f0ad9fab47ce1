// What every page runs. Pages work without any of it; this makes them quicker to use.
import 'htmx.org/dist/htmx.min.js';
import { watchKeys } from './keys.js';
import { watchPane } from './pane.js';
import { watchForms } from './forms.js';
import { watchMenus } from './menus.js';
import { watchDrafts } from './drafts.js';
import { watchLive } from './live.js';

watchKeys();
watchMenus();
watchForms(document);
watchDrafts(document);
watchPane();
watchLive();
