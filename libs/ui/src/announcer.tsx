/**
 * Says a sentence to those who do not see the page whenever it changes: politely, and nothing when
 * the page comes up.
 */
export const Announcer = ({ says }: { says: string }) => <output className="unseen">{says}</output>;
