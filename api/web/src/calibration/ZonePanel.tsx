import { Button } from 'antd'

import { COLOURS } from '../evidence/drawing'
import { useSpeech } from '../i18n/language'
import type { CalibratedWindow } from './content'
import { ZONE_SIDES, type Draft } from './draft'
import { outlineOf, type Edit, type ZoneName } from './editing'

interface Properties {
  windows: readonly CalibratedWindow[]
  draft: Draft
  active: ZoneName | null
  drawing: boolean
  pick: (zone: ZoneName, drawing?: boolean) => void
  finish: () => void
  edit: (edit: Edit) => void
}

/** The camera's windows with their two zones each: drawn or missing, one of them being drawn. */
export function ZonePanel({ windows, draft, active, drawing, pick, finish, edit }: Properties) {
  const { t, language } = useSpeech()
  if (!windows.length) return <p className="quiet">{t('calibration.zone.none')}</p>
  return (
    <>
      <p className="quiet small">{t('calibration.zone.pick')}</p>
      {windows.map((window) => (
        <section key={window.id} className="zones-of" aria-label={nameOf(window, language)}>
          <h3>{nameOf(window, language)}</h3>
          {ZONE_SIDES.map((side) => {
            const zone: ZoneName = { window: window.id, side }
            const chosen = active?.window === window.id && active.side === side
            const count = outlineOf(draft, zone).length
            const missing = t(side === 'staff' ? 'calibration.zone.missing' : 'calibration.zone.optional')
            return (
              <div key={side} className={chosen ? 'zone-row chosen' : 'zone-row'}>
                <button type="button" className="plain" aria-pressed={chosen} onClick={() => pick(zone)}>
                  <i style={{ background: COLOURS[side] }} />
                  <b>{t(`calibration.zone.${side}`)}</b>
                  <span className={count ? 'tag good' : side === 'staff' ? 'tag warn' : 'tag dismissed'}>
                    {count ? t('calibration.zone.drawn', { count }) : missing}
                  </span>
                </button>
                {chosen && (
                  <div className="zone-tools">
                    <p className="small quiet">{t(drawing ? 'calibration.zone.drawing' : 'calibration.zone.editing')}</p>
                    <div className="row">
                      {drawing
                        ? <Button size="small" type="primary" disabled={count < 3} onClick={finish}>{t('calibration.zone.done')}</Button>
                        : <Button size="small" onClick={() => pick(zone, true)}>{t('calibration.zone.more')}</Button>}
                      <Button size="small" disabled={!count} onClick={() => { edit({ do: 'clearZone', zone }); pick(zone, true) }}>
                        {t('calibration.zone.clear')}
                      </Button>
                    </div>
                  </div>
                )}
              </div>
            )
          })}
        </section>
      ))}
    </>
  )
}

export function nameOf(window: CalibratedWindow, language: 'zh' | 'en'): string {
  return language === 'zh' ? window.name : (window.name_en ?? window.name)
}
