// Events: what happened, as webhooks carry it and as GET /v1/events lists it.
import { resourceMissing } from './errors';
import { listRows, type List } from './lists';
import type { StoredEvent } from './store';
import type { Work } from './work';

export function listEvents(work: Work): List<StoredEvent> {
  const type = work.params.string('type');
  const types = work.params.list('types');
  return listRows(
    work,
    'events',
    '/v1/events',
    (event) =>
      (type === undefined || event.type === type) && (types === undefined || types.includes(event.type)),
  );
}

export function getEvent({ changes, id }: Work): StoredEvent {
  const event = changes.get('events', id);
  if (event === undefined) throw resourceMissing('event', id, 'id');
  return event;
}
