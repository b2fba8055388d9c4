import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as Messages, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { Suspense, lazy, useEffect } from 'react'

import { carryToken, whenSignedOut } from '../api/client'
import { keys, useSession, worthRetrying } from '../api/queries'
import { LanguageProvider, useSpeech } from '../i18n/language'
import { SignIn } from '../session/SignIn'
import { AppearanceProvider, useAppearance } from './appearance'
import { Boundary } from './Boundary'
import { Failure } from './Failure'
import { Loading } from './Loading'
import { STYLE_NONCE } from './styleNonce'
import { themeFor } from './theme'

const Shell = lazy(() => import('./Shell'))
const OwnWindow = lazy(() => import('../own/OwnWindow'))
const AppealByLink = lazy(() => import('../own/AppealByLink'))
const DemandedFactor = lazy(() => import('../session/SecondFactor'))
const ChangePassword = lazy(() => import('../session/ChangePassword'))

const CSP = { nonce: STYLE_NONCE }

const client = new QueryClient({
  defaultOptions: { queries: { retry: worthRetrying, refetchOnWindowFocus: true, staleTime: 5_000 } },
})
whenSignedOut(() => void client.invalidateQueries({ queryKey: keys.session }))

export function App() {
  return (
    <QueryClientProvider client={client}>
      <AppearanceProvider>
        <LanguageProvider>
          <Themed />
        </LanguageProvider>
      </AppearanceProvider>
    </QueryClientProvider>
  )
}

function Themed() {
  const { language } = useSpeech()
  const { dark } = useAppearance()
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en')
  }, [language])
  return (
    <ConfigProvider csp={CSP} theme={themeFor(dark)} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <Messages style={{ height: '100%' }} message={{ top: 60 }}>
        <Boundary fallback={<Failure error={null} retry={() => location.reload()} />}>
          <Suspense fallback={<Loading />}>
            <Door />
          </Suspense>
        </Boundary>
      </Messages>
    </ConfigProvider>
  )
}

/** Who may see what: nothing before signing in, only the new password before it is set. */
function Door() {
  const session = useSession()
  // A link to one event opens without signing in.
  if (location.pathname === '/appeal') return <AppealByLink link={location.hash.slice(1)} />
  if (session.isPending) return <Loading />
  if (session.isError) return <Failure error={session.error} retry={() => void session.refetch()} />
  if (!session.data) return <SignIn />
  carryToken(session.data.csrf_token)
  if (session.data.must_change_password) return <ChangePassword forced />
  if (session.data.must_add_second_factor) return <DemandedFactor />
  return session.data.role === 'window_staff' ? <OwnWindow session={session.data} /> : <Shell session={session.data} />
}
