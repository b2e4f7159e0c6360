import { Title } from '@ensemble/ui';
import { useTexts } from '../texts.ts';

/** What the box office does: puts shows on sale, and sees how they sell. */
export const Operator = () => {
  const texts = useTexts();
  return <Title window={texts.window(texts.operator.title)}>{texts.operator.title}</Title>;
};
