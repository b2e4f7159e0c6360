import { useTexts } from '../texts.ts';

/** What the marks of the map mean. */
export const Legend = () => {
  const { states } = useTexts().seat;
  const marks = { f: '7', chosen: '✓', h: '–', s: '×' } as const;
  const words = { f: states.f, chosen: states.chosen, h: states.h, s: states.s };
  return (
    <ul className="legend small">
      {(['f', 'chosen', 'h', 's'] as const).map((look) => (
        <li key={look}>
          <span className={`sample ${look}`} aria-hidden="true">
            {marks[look]}
          </span>
          {words[look]}
        </li>
      ))}
    </ul>
  );
};
