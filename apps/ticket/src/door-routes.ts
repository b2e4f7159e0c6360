import { tokenShown } from '@ensemble/host';
import {
  answerErrors,
  idempotencyKey,
  jsonBody,
  onlyFor,
  readBody,
  type UnderWay,
} from '@ensemble/host/edge';
import { activeTrace } from '@ensemble/telemetry';
import { type Request, type RequestHandler, Router } from 'express';
import { type Admit, admissionRequest } from './admission.ts';
import { DoorProblem, doorProblems } from './door-problem.ts';

/** What a door asks for over HTTP: `POST /admissions`. */
export const doorRoutes = ({
  admit,
  stewards,
  requests,
  onFailure,
}: {
  readonly admit: Admit;
  /** Tokens by the names of stewards or gates, as they are now. */
  readonly stewards: () => ReadonlyMap<string, string>;
  /** What is under way is awaited before the service stops. */
  readonly requests: Pick<UnderWay, 'follow'>;
  /** Hears why an answer was 500. */
  readonly onFailure: (error: unknown) => void;
}): Router => {
  /** @throws DoorProblem unless a steward's token is shown */
  const stewardOf = ({ headers: { authorization } }: Request): string => {
    const token = tokenShown(authorization, stewards().values());
    const found = [...stewards()].find(([, each]) => each === token);
    if (found !== undefined) return found[0];
    throw new DoorProblem('stewards-only', 'The token is missing, or no steward has it.');
  };

  const post: RequestHandler = async (request, response) => {
    const by = stewardOf(request);
    const isKeyed = request.get('Idempotency-Key') !== undefined;
    const key = isKeyed ? idempotencyKey(request, 'admission') : undefined;
    const body = readBody(admissionRequest, request);
    const steward = { by, idempotencyKey: key, traceparent: activeTrace() };
    response.set('Cache-Control', 'no-store').json(await requests.follow(admit(body, steward)));
  };

  const path = '/admissions';
  const router = Router();
  router.route(path).post(jsonBody, post).all(onlyFor('POST'));
  router.use(
    path,
    answerErrors(doorProblems, (_what, error) => onFailure(error)),
  );
  return router;
};
