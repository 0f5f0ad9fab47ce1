// A bar above the drawing that says what has happened and what can be done about it, and what its buttons need.

export class Bar {
  constructor(place) {
    this.place = place;
  }

  /** `acts`: pairs of a label and what it does. The bar is a live region, so a screen reader reads it out. */
  show(kind, text, acts) {
    const said = document.createElement('span');
    said.textContent = text;
    const buttons = acts.map(([label, act]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn btn-sm btn-outline-secondary';
      button.textContent = label;
      button.addEventListener('click', act);
      return button;
    });
    this.place.className = `modeler-notice notice-${kind}`;
    this.place.replaceChildren(said, ...buttons);
    this.place.hidden = false;
  }

  hide() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}

/** Hour and minute today, else the day as well; `moment` is a Date or ISO text. */
export function momentOf(moment, locale) {
  const date = new Date(moment);
  const time = { hour: '2-digit', minute: '2-digit', hour12: false };
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(locale === 'zh' ? 'zh-CN' : 'en-GB', isToday ? time : { month: 'long', day: 'numeric', ...time });
}

export function download(path, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/xml' }));
  link.download = path.split('/').pop();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
