import { useEffect, useState } from 'react';

/** The time in milliseconds since 1970 UTC, anew every second: for countdowns. */
export const useNow = (): number => {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
};
