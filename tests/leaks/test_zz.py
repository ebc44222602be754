from tests.leaks.planted import *
from tests.leaks.walk import *
import pytest, time, collections, logging
@pytest.mark.django_db
def test_p(caplog):
    caplog.set_level(logging.CRITICAL, logger="django")


    t=time.time(); w=to(planted_world(),"R"); print("world",time.time()-t)
    t=time.time(); a=every_address(); print(len(a), collections.Counter(a.values()), time.time()-t)
    for who in ("","reviewer","lead","admin"):
        t=time.time(); c=time.process_time()
        got=fetch_everything(sign_in(w,who)); print(who,len(got),time.time()-t,time.process_time()-c, collections.Counter(g.status for g in got))
        print([g.url for g in got if g.url not in a][:20])
