import {
  FileArchive,
  FileAudio,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
  Presentation,
} from 'lucide-react';

const BY_ENDING: [RegExp, LucideIcon][] = [
  [/^(xlsx?|ods|csv|numbers)$/i, FileSpreadsheet],
  [/^(pptx?|odp|key)$/i, Presentation],
  [/^(zip|rar|7z|tar|gz|tgz)$/i, FileArchive],
  [/^(jpe?g|png|gif|webp|heic|svg|tiff?|bmp)$/i, FileImage],
  [/^(mp4|mov|avi|mkv|webm|3gp)$/i, FileVideo],
  [/^(mp3|m4a|ogg|opus|wav|flac|aac)$/i, FileAudio],
  [/^(html?|css|js|ts|json|xml|ya?ml|py|java|c|cpp|sh|sql)$/i, FileCode],
];

/** A picture for a file, by the ending of its name. */
export function documentIcon(ending: string): LucideIcon {
  return BY_ENDING.find(([endings]) => endings.test(ending))?.[1] ?? FileText;
}
