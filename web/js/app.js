// The behaviour of every page. No inline handlers exist (CSP): elements say what they want with
// data-* attributes, and one listener per event, on the document, serves them all. So content that
// htmx swaps in needs no wiring.
//
//   data-open="id"             opens the dialog with that id              (lib/dialog.js)
//   data-close, data-dismiss   closes the dialog around; removes the toast or alert around
//   data-open-now              a dialog that is open when the page arrives
//   data-drawer                a link whose page opens in the drawer; the server sees HX-Request
//   data-confirm="title" [data-confirm-text] [data-confirm-verb]   on a form or button: ask first
//   data-load data-url=…       a menu's button: its menu is fetched when first opened  (lib/menu.js)
//   data-keys="g f"            a link reached by these keys               (lib/keys.js)
//   data-theme-toggle, data-back, data-copy="text", data-focus, data-reveal  (lib/small.js)
//   data-check-all, data-check, data-bulk   rows to tick and the bar that counts them
//   data-auto                  a form sent by itself when a field changes (filters)
//   data-when="field=a|b"      shown only while that field of the form has one of the values
//   data-mask="phone|cpf|cnpj|cep|money"   (lib/mask.js)
//   data-draft="key"           a form whose text survives an accident     (lib/draft.js); others ask before one leaves (lib/typed.js)
//   data-detour="#form" data-tell="names", data-detour-end="names"   to a search and back, with what was typed
//   data-tags="name"           a box of tags                              (lib/tags.js)
//   data-person data-url=…     the field of a patient, found while one types  (lib/person.js)
//   data-upload data-url=…     files by PUT with a progress bar           (lib/upload.js)
//
// Events that the server may send (answer_event): "drawer-close", "drawer-reload", "page-reload".
// Page modules (funnel.js, sort.js, theme.js) find toast, confirm, openDrawer, send, take and htmx in
// `window.siso`.
import './lib/net.js';
import './lib/toast.js';
import './lib/session.js';
import './lib/dialog.js';
import './lib/menu.js';
import './lib/palette.js';
import './lib/keys.js';
import './lib/small.js';
import './lib/mask.js';
import './lib/forms.js';
import './lib/draft.js';
import './lib/tags.js';
import './lib/upload.js';
import './lib/person.js';
