import { useReading } from '@ensemble/ui';
import { useMemo, useState } from 'react';
import type { ShowRequest } from '../../schemas.ts';
import { houseOf, type Place, type Section } from '../map/house.ts';
import { SeatMap } from '../map/seat-map.tsx';
import { sectionName, useTexts } from '../texts.ts';
import { isMoney, previewOf } from './plan.ts';

const nothing: readonly string[] = [];

const Plan = ({ section: { section, price, rows } }: { section: Section }) => {
  const { seat } = useTexts();
  const { formats } = useReading();
  const house = useMemo(() => houseOf(rows), [rows]);
  const nameOf = useMemo(() => {
    const money = isMoney(price) ? formats.money(price) : '';
    return ({ row, number, letter }: Place) => seat.name(row, number, money, letter);
  }, [formats, seat, price]);
  return (
    <SeatMap
      key={`${section} ${house.width} ${house.height}`}
      house={house}
      chosen={nothing}
      nameOf={nameOf}
    />
  );
};

/** The map as customers would see it. */
export const Preview = ({ request }: { request: ShowRequest }) => {
  const texts = useTexts();
  const sections = useMemo(() => previewOf(request), [request]);
  const [at, setAt] = useState(0);
  const shown = sections[Math.min(at, sections.length - 1)];
  return (
    <section className="panel" aria-label={texts.operator.preview}>
      <div className="row apart">
        <h2>{texts.operator.preview}</h2>
        <select
          aria-label={texts.show.sections}
          value={Math.min(at, sections.length - 1)}
          onChange={({ target }) => setAt(Number(target.value))}
        >
          {sections.map(({ section, free }, index) => (
            <option key={index} value={index}>
              {`${sectionName(section) || texts.operator.form.section(index + 1)}: ${texts.show.free(free)}`}
            </option>
          ))}
        </select>
      </div>
      {shown && shown.free > 0 && <Plan section={shown} />}
    </section>
  );
};
