import { describe, it } from '@jest/globals';
import { event, given } from '@ensemble/testing';
import { gateway } from './gateway.ts';

const requested = event('booking.requested');
const withdrawn = event('booking.withdrawn');
const replaced = event('booking.card-replaced');
const copied = event('booking.copy-requested');
const opened = event('section.opened');

describe('gateway', () => {
  it('says what a customer asks for', () => {
    given(gateway).asked('request-booking', requested.data).says(requested);
  });

  it('says it once, also when it is asked under another id', () => {
    given(gateway)
      .asked('request-booking', requested.data, 'first')
      .asked('request-booking', requested.data, 'first')
      .asked('request-booking', requested.data, 'second')
      .says(requested);
  });

  it('says that a booking was withdrawn', () => {
    given(gateway, requested).asked('withdraw-booking', withdrawn.data).says(withdrawn);
  });

  it('says nothing of a withdrawal of what was never requested', () => {
    given(gateway).asked('withdraw-booking', withdrawn.data).doesNothing();
  });

  it('says nothing of a second withdrawal', () => {
    given(gateway, requested, withdrawn).asked('withdraw-booking', withdrawn.data).doesNothing();
  });

  it('says every other card that a customer gives', () => {
    given(gateway, requested)
      .asked('replace-card', replaced.data, 'first')
      .asked('replace-card', replaced.data, 'first')
      .asked('replace-card', replaced.data, 'second')
      .says(replaced, replaced);
  });

  it('takes no card for what was never requested, or was withdrawn', () => {
    given(gateway).asked('replace-card', replaced.data).doesNothing();
    given(gateway, requested, withdrawn).asked('replace-card', replaced.data).doesNothing();
  });

  it('says that a letter was asked for once more, five times at most', () => {
    const desk = given(gateway, requested);
    for (const id of ['1', '1', '2', '3', '4', '5']) desk.asked('request-copy', copied.data, id);
    desk.says(copied, copied, copied, copied, copied);
    desk.asked('request-copy', copied.data, '6').doesNothing();
    given(gateway).asked('request-copy', copied.data).doesNothing();
  });

  it('opens a section', () => {
    given(gateway).asked('open-section', opened.data).says(opened);
  });

  it('opens no section twice', () => {
    given(gateway, opened).asked('open-section', opened.data).doesNothing();
  });
});
