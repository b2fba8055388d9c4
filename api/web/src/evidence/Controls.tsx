import {
  CaretRightOutlined,
  FullscreenOutlined,
  PauseOutlined,
  StepBackwardOutlined,
  StepForwardOutlined,
} from '@ant-design/icons'
import { Button, Switch } from 'antd'

import { useSpeech } from '../i18n/language'
import type { Player } from './usePlayer'

interface Properties {
  player: Player
  duration: number
  boxes: boolean
  toggleBoxes: () => void
  hasSkeleton: boolean
}

/** Buttons do not take the focus from the keys when clicked. */
const keepFocus = { onMouseDown: (press: React.MouseEvent) => press.preventDefault() }

export function Controls({ player, duration, boxes, toggleBoxes, hasSkeleton }: Properties) {
  const { t } = useSpeech()
  const play = player.playing ? t('clip.pause') : t('clip.play')
  return (
    <div className="controls" {...keepFocus}>
      <Button size="small" aria-label={t('clip.back')} title={`${t('clip.back')} ←`} icon={<StepBackwardOutlined />} onClick={() => player.step(-1)} />
      <Button size="small" aria-label={play} title={play} icon={player.playing ? <PauseOutlined /> : <CaretRightOutlined />} onClick={player.toggle} />
      <Button size="small" aria-label={t('clip.forward')} title={`${t('clip.forward')} →`} icon={<StepForwardOutlined />} onClick={() => player.step(1)} />
      <span className="time figures small quiet">
        {player.at.toFixed(1)} / {duration.toFixed(1)} s
      </span>
      <Button size="small" onClick={player.toggleSpeed} aria-label={`${t('clip.speed')} ${player.fast ? '2×' : '1×'}`} title={`${t('clip.speed')} M`}>
        {player.fast ? '2×' : '1×'}
      </Button>
      <Button size="small" aria-label={t('clip.full')} title={`${t('clip.full')} T`} icon={<FullscreenOutlined />} onClick={player.toggleFull} />
      <Button size="small" title={`${t('keys.loop')} C`} onClick={player.toggleLoop}>
        {t(player.whole ? 'clip.loop.whole' : 'clip.loop.trigger')}
      </Button>
      <span className="gap" />
      <label className="small">
        <Switch size="small" checked={boxes && hasSkeleton} disabled={!hasSkeleton} onChange={toggleBoxes} />{' '}
        {t('clip.boxes')} {!hasSkeleton && <span className="quiet">({t('clip.noSkeleton')})</span>}
      </label>
    </div>
  )
}
