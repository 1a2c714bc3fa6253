/** A server-sent event, with the id that was last given: it names the place to resume from. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** Takes the text of an event stream in pieces of any size, and gives the events that are whole. See the HTML standard, 9.2.6. */
export function createEventParser(): (text: string) => StreamEvent[] {
  let rest = '';
  let lastEventId = '';
  let type = '';
  let data: string[] = [];

  function takeField(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') type = value;
    if (name === 'data') data.push(value);
    if (name === 'id' && !value.includes('\0')) lastEventId = value;
  }

  function takeEvent(): StreamEvent[] {
    const events = data.length === 0 ? [] : [{ type: type || 'message', data: data.join('\n'), lastEventId }];
    type = '';
    data = [];
    return events;
  }

  function takeLine(line: string): StreamEvent[] {
    if (line === '') return takeEvent();
    takeField(line);
    return [];
  }

  return (text) => {
    // A return at the end may be the first half of a line break.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    return lines.flatMap(takeLine);
  };
}
