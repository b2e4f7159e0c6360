import {
  Announcer,
  Badge,
  Empty,
  type Place,
  plural,
  Shell,
  Title,
  useAddress,
} from '@ensemble/ui';
import type { ReactNode } from 'react';
import { addresses } from './addresses.ts';
import { Analytics } from './analytics.tsx';
import { Audit } from './audit.tsx';
import { Bookings } from './bookings.tsx';
import { Conformance } from './conformance.tsx';
import { Hospital } from './dead/hospital.tsx';
import { Insights } from './insights.tsx';
import { type Live, useLive } from './live.tsx';
import { LiveMap } from './map/live-map.tsx';
import { Records } from './records.tsx';
import { Story } from './story/story.tsx';
import { Stuck } from './stuck.tsx';
import { WhatIf } from './what-if.tsx';

const placesOf = ({ view }: Live): readonly Place[] => [
  { to: '/', name: 'Map' },
  { to: '/bookings', name: 'Bookings' },
  {
    to: '/stuck',
    name: 'Stuck',
    count: view && { value: view.map.totals.stuck, words: 'bookings are stuck' },
  },
  {
    to: '/conformance',
    name: 'Conformance',
    count: view && { value: view.map.totals.verdicts, words: 'verdicts stand' },
  },
  {
    to: '/dead',
    name: 'Dead letters',
    count: view && { value: view.dead, words: 'dead letters wait' },
  },
  { to: '/records', name: 'Ledger' },
  { to: '/analytics', name: 'Analytics' },
  {
    to: '/insights',
    name: 'Insights',
    count: view && { value: view.insights, words: 'insights are open' },
  },
  { to: '/what-if', name: 'What if' },
  { to: '/audit', name: 'Audit' },
];

const Connection = ({ live: { state, why } }: { live: Live }) => {
  if (state === 'open') return <Badge tone="good">Live</Badge>;
  if (state === 'opening') return <Badge>Connecting …</Badge>;
  return (
    <Badge tone="bad">{`Not live: ${why?.message ?? 'the connection was lost'} Trying again …`}</Badge>
  );
};

/** What those should hear who do not see the page. */
const news = ({ view, state }: Live): string => {
  if (state === 'lost') return 'The connection to the monitor was lost. It is tried again.';
  const stuck = view?.map.totals.stuck ?? 0;
  return stuck === 0 ? 'No booking is stuck.' : `${plural(stuck, 'booking')} stuck.`;
};

const viewOf = (path: string): ReactNode => {
  const story = addresses.story.match(path);
  if (story) return <Story key={story.id} id={story.id} />;
  if (addresses.map.match(path)) return <LiveMap />;
  if (addresses.bookings.match(path)) return <Bookings />;
  if (addresses.stuck.match(path)) return <Stuck />;
  if (addresses.conformance.match(path)) return <Conformance />;
  if (addresses.dead.match(path)) return <Hospital />;
  if (addresses.records.match(path)) return <Records />;
  if (addresses.analytics.match(path)) return <Analytics />;
  if (addresses.insights.match(path)) return <Insights />;
  if (addresses.whatIf.match(path)) return <WhatIf />;
  if (addresses.audit.match(path)) return <Audit />;
  return (
    <>
      <Title window="Nothing here · Ensemble monitor">Nothing here</Title>
      <Empty>No view has this address. The navigation leads to all that there are.</Empty>
    </>
  );
};

/** The page: its frame, and the view that the address names. */
export const App = () => {
  const live = useLive();
  const { path } = useAddress();
  return (
    <Shell name="Ensemble monitor" places={placesOf(live)} aside={<Connection live={live} />}>
      <Announcer says={news(live)} />
      {viewOf(path)}
    </Shell>
  );
};
