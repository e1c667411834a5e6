/** A phone number in international form without "+": country code first, 7 to 15 digits (E.164). */
export const PHONE_DIGITS = /^[1-9][0-9]{6,14}$/;
