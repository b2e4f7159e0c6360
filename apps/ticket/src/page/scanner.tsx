import { useEffect, useRef, useState } from 'react';
import { useTexts } from './texts.ts';

/** What browsers that can read codes have; TypeScript does not know it yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type MakeDetector = new (options: { formats: readonly string[] }) => Detector;
declare global {
  interface Window {
    readonly BarcodeDetector?: MakeDetector;
  }
}

const detectors = (): MakeDetector | undefined =>
  'mediaDevices' in navigator ? window.BarcodeDetector : undefined;

const lookEveryMs = 150;
/** A code that is still held before the camera is not shown again. */
const sameForMs = 3_000;

/** Reads codes by the camera, where the browser can. */
export const Scanner = ({ onCode }: { onCode: (code: string) => void }) => {
  const { scanner: texts } = useTexts();
  const [isOn, setIsOn] = useState(false);
  const [fault, setFault] = useState('');
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const Made = detectors();
    const screen = video.current;
    if (!isOn || Made === undefined || screen === null) return undefined;
    let stream: MediaStream | undefined;
    let timer: number | undefined;
    let isOver = false;
    let last = { code: '', seenAt: 0 };

    const take = (code: string): void => {
      const now = Date.now();
      const isNew = code !== last.code || now - last.seenAt > sameForMs;
      last = { code, seenAt: now };
      if (isNew) onCode(code);
    };
    const look = async (detector: Detector): Promise<void> => {
      const [found] = await detector.detect(screen);
      if (found?.rawValue) take(found.rawValue);
      if (!isOver) timer = window.setTimeout(() => void look(detector).catch(stop), lookEveryMs);
    };
    const stop = (error: unknown): void => {
      setFault(error instanceof Error ? error.message : String(error));
      setIsOn(false);
    };
    const begin = async (): Promise<void> => {
      const video = { facingMode: 'environment' };
      stream = await navigator.mediaDevices.getUserMedia({ video });
      if (isOver) return stream.getTracks().forEach((track) => track.stop());
      screen.srcObject = stream;
      await screen.play();
      await look(new Made({ formats: ['qr_code'] }));
    };
    begin().catch(stop);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [isOn, onCode]);

  if (detectors() === undefined) return <p className="soft small">{texts.none}</p>;
  return (
    <div className="scanner">
      <button type="button" aria-pressed={isOn} onClick={() => setIsOn(!isOn)}>
        {isOn ? texts.stop : texts.start}
      </button>
      {fault && (
        <p role="alert" className="fault">
          {texts.fault(fault)}
        </p>
      )}
      {isOn && <video ref={video} muted playsInline aria-label={texts.picture} />}
    </div>
  );
};
