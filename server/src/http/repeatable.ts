import { ApiExtension } from '@nestjs/swagger';

/** Marks a POST that only asks: programs may send it again when they do not know whether it came. */
export const Repeatable = () => ApiExtension('x-repeatable', true);
