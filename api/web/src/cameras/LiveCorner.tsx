import { Select } from 'antd'
import { useState } from 'react'

import { useCameras } from '../api/queries'
import { useSpeech } from '../i18n/language'
import { CameraStateTag } from './CameraStateTag'
import { LivePicture } from './LivePicture'

/** The hall now, beside the queue: one camera at a time. */
export function LiveCorner() {
  const { t } = useSpeech()
  const cameras = useCameras().data ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const camera = cameras.find((one) => one.id === chosen) ?? cameras[0]
  if (!camera) return null
  return (
    <section className="sheet live" style={{ padding: '8px 10px 10px' }} aria-label={t('live.title')}>
      <header>
        <Select
          size="small"
          variant="borderless"
          aria-label={t('live.pick')}
          value={camera.id}
          onChange={setChosen}
          options={cameras.map(({ id, name }) => ({ value: id, label: `${t('live.title')} · ${name}` }))}
          style={{ minWidth: 0, flex: 1, marginInlineStart: -8 }}
        />
        <CameraStateTag state={camera.state} />
      </header>
      <LivePicture key={camera.id} camera={camera} film />
    </section>
  )
}
