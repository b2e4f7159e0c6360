import { Badge, count, duration, rate, useNow } from '@ensemble/ui';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { ServiceView } from '../../views.ts';
import type { MapNode } from './graph.ts';

export type NodeData = { readonly node: MapNode };

const Ends = () => (
  <>
    <Handle type="target" position={Position.Left} isConnectable={false} />
    <Handle type="source" position={Position.Right} isConnectable={false} />
  </>
);

const Service = ({ service }: { service: ServiceView }) => {
  const { name, version, lag, standsSince, parked, dead } = service;
  const now = useNow();
  const isWell = lag === 0 && parked === 0 && dead === 0;
  return (
    <div className="node service">
      <strong>{name}</strong>{' '}
      <span className="soft small">{version === null ? 'not declared' : `v${version}`}</span>
      <div className="badges">
        {isWell && <Badge tone="good">keeps up</Badge>}
        {lag > 0 && standsSince === null && <Badge tone="notice">{`lag ${count(lag)}`}</Badge>}
        {standsSince !== null && (
          <Badge tone="bad">
            {`${count(lag)} wait, stands ${duration(Math.max(0, now - standsSince))}`}
          </Badge>
        )}
        {parked > 0 && <Badge tone="warning">{`${count(parked)} parked`}</Badge>}
        {dead > 0 && <Badge tone="bad">{`${count(dead)} dead`}</Badge>}
      </div>
    </div>
  );
};

/** A service with how it keeps up, a topic with what goes over it, or something outside. */
export const MapNodeDrawn = ({ data: { node } }: NodeProps<Node<NodeData>>) => (
  <>
    <Ends />
    {node.kind === 'service' && <Service service={node.service} />}
    {node.kind === 'topic' && (
      <div className="node topic">
        <strong>{node.topic.name}</strong>
        <div className="small">
          <span className="soft">topic ·</span> {rate(node.topic.rate)}
        </div>
      </div>
    )}
    {node.kind === 'outside' && (
      <div className="node outside">
        <span className="soft small">outside</span>
        <div>{node.name}</div>
      </div>
    )}
  </>
);
