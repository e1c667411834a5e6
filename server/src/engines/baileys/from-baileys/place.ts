import type { ContentOf } from '@patchbay/contract';
import { type proto, toNumber } from '../baileys.js';
import { besideFrom } from './beside.js';

/** A place, fixed or live. */
export function placeFrom(message: proto.IMessage): ContentOf<'location'> | undefined {
  const { locationMessage: fixed, liveLocationMessage: live } = message;
  if (fixed) {
    const { comment } = fixed;
    return {
      type: 'location',
      ...positionFrom(fixed),
      ...(fixed.name && { name: fixed.name }),
      ...(fixed.address && { address: fixed.address }),
      ...(fixed.url && { url: fixed.url }),
      ...(fixed.isLive && { live: true }),
      ...(comment && { caption: comment }),
      ...besideFrom(fixed.contextInfo),
    };
  }
  if (!live) return undefined;
  const sequence = toNumber(live.sequenceNumber);
  return {
    type: 'location',
    ...positionFrom(live),
    live: true,
    ...(live.caption && { caption: live.caption }),
    ...(sequence && { sequence }),
    ...besideFrom(live.contextInfo),
  };
}

function positionFrom(place: proto.Message.ILocationMessage | proto.Message.ILiveLocationMessage) {
  const { accuracyInMeters, speedInMps, degreesClockwiseFromMagneticNorth } = place;
  return {
    latitude: place.degreesLatitude ?? 0,
    longitude: place.degreesLongitude ?? 0,
    ...(accuracyInMeters && { accuracy: accuracyInMeters }),
    ...(speedInMps && { speed: speedInMps }),
    ...(degreesClockwiseFromMagneticNorth && { heading: degreesClockwiseFromMagneticNorth }),
  };
}
