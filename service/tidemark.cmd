@echo off
rem Starts Tidemark: from a checkout, which it builds when it must, or from an installed distribution.
rem TIDEMARK_JAVA_OPTS adds options for the JVM, such as -Xmx1g.
setlocal EnableExtensions DisableDelayedExpansion

for %%I in ("%~dp0..") do set "TM_HOME=%%~fI"
if exist "%TM_HOME%\src\main\" goto in_checkout
set "TM_PLACE=%TM_HOME%"
set "TM_VERSION="
if exist "%TM_HOME%\VERSION" set /p TM_VERSION=<"%TM_HOME%\VERSION"
rem The installation may be read-only, or everybody's.
set "TM_CLASSES="
if defined LOCALAPPDATA set "TM_CLASSES=%LOCALAPPDATA%\tidemark\classes\tidemark-%TM_VERSION%"
goto find_java
:in_checkout
set "TM_PLACE=%TM_HOME%\target"
set "TM_CLASSES=%TM_PLACE%\tidemark"

:find_java
set "TM_JAVA=%TM_HOME%\runtime\bin\java.exe"
if exist "%TM_JAVA%" goto find_version
if not defined JAVA_HOME goto search_java
set "TM_JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%TM_JAVA%" goto find_version
:search_java
set "TM_JAVA="
for %%I in (java.exe) do set "TM_JAVA=%%~$PATH:I"
if defined TM_JAVA goto find_version
set "TM_WHAT=Java was not found."
goto no_java

rem What `java -version` says, without the time it takes where that can be helped.
:find_version
set "TM_VERSION="
for %%I in ("%TM_JAVA%") do set "TM_RELEASE=%%~dpI..\release"
if not exist "%TM_RELEASE%" goto ask_version
for /f "usebackq tokens=1,2 delims==" %%A in ("%TM_RELEASE%") do if "%%A"=="JAVA_VERSION" set "TM_VERSION=%%~B"
:ask_version
if not defined TM_VERSION for /f "tokens=2,3" %%A in ('^""%TM_JAVA%" -version 2^>^&1^"') do if "%%A"=="version" set "TM_VERSION=%%~B"
if not defined TM_VERSION goto check_build
for /f "delims=." %%M in ("%TM_VERSION%") do set "TM_MAJOR=%%M"
if %TM_MAJOR% GEQ 17 goto check_build
set "TM_WHAT=Java %TM_VERSION% is too old."
:no_java
set "TM_HINT=Install Java 17 or newer, or set JAVA_HOME."
set "TM_EXIT=2"
goto fail

:check_build
set "TM_JAR=%TM_PLACE%\tidemark.jar"
if "%TM_PLACE%"=="%TM_HOME%" goto check_jar
powershell -NoProfile -Command "$jar = Get-Item -LiteralPath $env:TM_JAR -ErrorAction SilentlyContinue; if (-not $jar) { exit 1 }; $sources = Get-ChildItem -Recurse -LiteralPath ($env:TM_HOME + '\src\main'), ($env:TM_HOME + '\pom.xml'); if ($sources | Where-Object { $_.LastWriteTime -gt $jar.LastWriteTime }) { exit 1 }"
if not errorlevel 1 goto check_jar
where mvn.cmd >nul 2>&1
if not errorlevel 1 goto build
set "TM_WHAT=Maven, which builds Tidemark, was not found."
set "TM_HINT=Install Maven 3.8 or newer."
set "TM_EXIT=2"
goto fail
:build
echo tidemark: building, which takes a moment ... 1>&2
pushd "%TM_HOME%"
call mvn.cmd -B -q -Dstyle.color=never -Dmaven.test.skip=true -Dstrict=false package 1>&2 <nul
set "TM_EXIT=%ERRORLEVEL%"
popd
rem A build that changed nothing leaves the jar as old as it was.
if "%TM_EXIT%"=="0" powershell -NoProfile -Command "(Get-Item -LiteralPath $env:TM_JAR).LastWriteTime = Get-Date"
if "%TM_EXIT%"=="0" goto check_jar
set "TM_WHAT=The build failed."
set "TM_HINT=The reason stands above; `mvn package` in %TM_HOME% tells all of it."
set "TM_EXIT=70"
goto fail

:check_jar
if exist "%TM_JAR%" goto start
set "TM_WHAT=%TM_JAR% is missing."
set "TM_HINT=Install Tidemark again."
set "TM_EXIT=2"
goto fail

:start
rem Java 17 shares no classes of a jar whose path has a space in it, as `Program Files` has.
for %%I in ("%TM_JAR%") do set "TM_JAR=%%~sfI"
set "TM_SYSTEM=x86_64"
if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" set "TM_SYSTEM=aarch64"

rem The classes as the JVM keeps them in memory; Tidemark makes this file by itself.
set TM_SHARED=
if not defined TM_CLASSES goto run
if not defined TM_VERSION goto run
set "TM_ARCHIVE=%TM_CLASSES%-java-%TM_VERSION%.jsa"
set TM_SHARED="-Dtidemark.classes=%TM_ARCHIVE%"
if exist "%TM_ARCHIVE%" set TM_SHARED=%TM_SHARED% "-XX:SharedArchiveFile=%TM_ARCHIVE%"

:run
rem Tidemark writes UTF-8; the console has its code page back afterwards.
set "TM_CODE_PAGE="
for /f "tokens=2 delims=:." %%C in ('chcp 2^>nul') do set /a "TM_CODE_PAGE=%%C" >nul 2>&1
chcp 65001 >nul 2>&1
"%TM_JAVA%" "@%TM_HOME%\service\jvm.options" %TM_SHARED% "-Dtidemark.home=%TM_HOME%" "-Dorg.sqlite.lib.path=%TM_PLACE%\native\Windows\%TM_SYSTEM%" %TIDEMARK_JAVA_OPTS% -jar "%TM_JAR%" %*
set "TM_EXIT=%ERRORLEVEL%"
if defined TM_CODE_PAGE chcp %TM_CODE_PAGE% >nul 2>&1
exit /b %TM_EXIT%

rem Paths may hold whatever means something to cmd.
:fail
setlocal EnableDelayedExpansion
echo tidemark: !TM_WHAT! 1>&2
echo   !TM_HINT! 1>&2
exit /b %TM_EXIT%
