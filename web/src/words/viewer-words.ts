/** Words of the viewer of pictures. */
export const viewerWords = {
  title: 'Picture',
  open: 'Open picture',
  previous: 'Previous picture',
  next: 'Next picture',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
  download: 'Save picture',
  jump: 'Show in the conversation',
  close: 'Close',
};
